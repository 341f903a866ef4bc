# Lint.pm - what the lints share: reading C, finding waivers, reading objects, and TAP.
#
# C is read by its layout, which clang-format keeps: the body of a function, and of nothing else,
# begins with a line `{` and ends with a line `}`.  A waiver is a comment line `lint: RULE: why`
# directly above what it waives.
package Lint;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(slurp lines c_files code functions waived parameters_of objects unbuilt symbols
    listed measured check finish);

my $tests = 0;
my $failed = 0;

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    my $text = <$in>;
    return defined $text ? $text : '';
}

sub lines { return split /\n/, slurp($_[0]), -1 }

# C files with one of the given suffixes under the given folders, sorted.
sub c_files {
    my ($suffixes, @folders) = @_;
    my @found;
    while (defined(my $folder = shift @folders)) {
        for my $path (glob "$folder/*") {
            push @folders, $path if -d $path;
            push @found, $path if -f $path && $path =~ /\.(?:$suffixes)$/;
        }
    }
    return sort @found;
}

# The text of a C file with its comments blanked (and its string contents, unless `strings` is
# true); lines and columns stay.
sub code {
    my ($path, $strings) = @_;
    my $text = slurp($path);
    $text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')}{
        my ($comment, $string) = ($1, $2);
        if (defined $comment) { $comment =~ s/[^\n]/ /g; $comment }
        elsif ($strings) { $string }
        else { substr($string, 0, 1) . '_' x (length($string) - 2) . substr($string, -1) }
    }gse;
    return $text;
}

sub parameters_of {
    my ($list) = @_;
    return () if $list =~ /^\s*(?:void)?\s*$/;
    my ($depth, @parameters) = (0, '');
    for my $c (split //, $list) {
        $depth += $c eq '(' ? 1 : $c eq ')' ? -1 : 0;
        if ($c eq ',' && !$depth) { push @parameters, '' } else { $parameters[-1] .= $c }
    }
    return @parameters;
}

# The functions that a C file defines: file, name, static, first (line of the header), last,
# parameters (list), body (between the braces, without comments).
sub functions {
    my ($path) = @_;
    my @code = split /\n/, code($path, 1), -1;
    my @found;
    for (my $at = 0; $at < @code; $at++) {
        next unless $code[$at] eq '{';
        my $first = $at;
        $first-- while $first > 0 && $code[$first - 1] !~ /^\s*$|[;}]\s*$|^#/;
        my $header = join ' ', @code[$first .. $at - 1];
        $header =~ s/__attribute__\s*\(\(.*?\)\)//g;
        my ($before, $name, $list) = $header =~ /^(.*?)\b(\w+)\s*\((.*)\)\s*$/ or next;
        my $last = $at;
        $last++ while $last < @code && $code[$last] ne '}';
        push @found, {
            file => $path, name => $name, static => $before =~ /\bstatic\b/ ? 1 : 0,
            first => $first + 1, last => $last + 1, parameters => [parameters_of($list)],
            header => $header, body => join("\n", @code[$at + 1 .. $last - 1]),
        };
        $at = $last;
    }
    return @found;
}

sub waived {
    my ($path, $line, $rule) = @_;
    return 0 if $line < 2;
    my $above = (lines($path))[$line - 2];
    return $above =~ m{^\s*(?:/\*|#|--)\s*lint: \Q$rule\E: \S+ \S+ \S+} ? 1 : 0;
}

# Object files of our own sources: folder/name.o => path.
sub objects {
    my $build = $ENV{B} || 'build';
    my %found;
    for my $path (glob "$build/o/*/*.o") {
        my ($stem) = $path =~ m{/o/(\w+/[^/]+)\.o$} or next;
        # an object whose source is gone is left over from an earlier build
        $found{"$stem.o"} = $path if -f "src/$stem.c" || -f "src/$stem.cc";
    }
    return %found;
}

# Sources without an object: a lint that reads objects has then not seen them.
sub unbuilt {
    my %object = objects();
    return grep { m{^src/(.*)\.cc?$} && !$object{"$1.o"} } c_files('c|cc', 'src');
}

# Symbols of an object: two lists, of what it defines (name => letter of nm) and what it wants.
sub symbols {
    my ($path) = @_;
    my (%defines, %wants);
    open my $nm, '-|', 'nm', '-P', $path or die "nm: $!\n";
    while (<$nm>) {
        my ($name, $type) = split ' ';
        next unless defined $type;
        if ($type =~ /^[Uwv]$/) { $wants{$name} = 1 } else { $defines{$name} = $type }
    }
    close $nm or die "nm cannot read $path\n";
    return (\%defines, \%wants);
}

# Words of a file of lines "word  anything", without comments and empty lines.
sub listed {
    my ($path) = @_;
    return map { /^\s*([^\s#]\S*)/ ? $1 : () } lines($path);
}

sub measured { print "# measured: $_\n" for @_ }

# One TAP result: fails when there are findings, and shows them.
sub check {
    my ($what, @findings) = @_;
    $tests++;
    $failed++ if @findings;
    print @findings ? 'not ok' : 'ok', " $tests - $what\n";
    print "#   $_\n" for @findings;
}

sub finish {
    print "1..$tests\n";
    exit($failed > 0);
}

1;
