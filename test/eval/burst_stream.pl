#!/usr/bin/perl
# burst_stream.pl - twenty real events laid over thirty days of Vietnamese background, for test/eval/bursts.
#
# burst_stream.pl SHARED-DATA SEED SENTENCES LABELS >ITEMS
# Each event begins at a moment of its own within thirty days and keeps its own pace.  Background: VSFC, ViLexNorm and
# SENTENCES sentences of VNTC, in an order drawn by the seed, with more by day than by night.
# LABELS gets, a line an item in the order of the items: its time in ms, its event or "-", and the event's onset in ms or "-".
use strict;
use warnings;

my ($data, $seed, $sentences, $labels) = @ARGV;
my $start = 1775149200000;    # a Friday midnight, UTC+7
my ($minute, $hour, $day) = (60_000, 3_600_000, 86_400_000);

# Knuth's 64-bit generator, high bits: the same stream everywhere.
my $state = $seed;
sub draw {
    use integer;
    $state = $state * 6364136223846793005 + 1442695040888963407;
    return ($state >> 33) & 0x7fffffff;
}
sub share { return draw() / 2147483648 }

sub json { my ($text) = @_; $text =~ s/([\\"])/\\$1/g; $text =~ s/[\x00-\x1f]/ /g; return $text }

# Civil date (Hinnant's days_from_civil) to ms.
sub utc {
    my ($text) = @_;
    my ($y, $m, $d, $h, $min, $s) = $text =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z/ or die "onset: $text\n";
    $y-- if $m <= 2;
    my $era = int($y / 400);
    my $of_era = $y - $era * 400;
    my $of_year = int((153 * ($m + ($m > 2 ? -3 : 9)) + 2) / 5) + $d - 1;
    my $days = $era * 146097 + $of_era * 365 + int($of_era / 4) - int($of_era / 100) + $of_year - 719468;
    return (($days * 24 + $h) * 60 + $min) * $minute + $s * 1000;
}

my (%posts, %onset, @background, @items);
open my $in, '<', "$data/dev/crisislext26.tsv" or die "$data/dev/crisislext26.tsv: $!\n";
while (<$in>) {
    chomp;
    my ($event, $time, undef, undef, $text) = split /\t/, $_, 5;
    push @{$posts{$event}}, [$time, json($text)];
}
open $in, '<', "$data/dev/crisis_onsets.tsv" or die "$data/dev/crisis_onsets.tsv: $!\n";
while (<$in>) {
    chomp;
    my ($event, $time) = split /\t/;
    $onset{$event} = utc($time);
}
for my $event (sort keys %posts) {
    my ($first) = sort { $a <=> $b } map { $_->[0] } @{$posts{$event}};
    my $moved = $start + int(share() * 30 * $day) - $first;
    my $began = $onset{$event} ? $onset{$event} + $moved : '-';
    push @items, [$_->[0] + $moved, $_->[1], $event, $began] for @{$posts{$event}};
}

for my $file ('vsfc_train', 'vsfc_val') {
    open $in, '<', "$data/dev/$file.tsv" or die "$data/dev/$file.tsv: $!\n";
    while (<$in>) { chomp; push @background, json((split /\t/)[-1]) }
}
for my $file ('vilexnorm_train', 'vilexnorm_dev') {
    open $in, '<', "$data/dev/$file.tsv" or die "$data/dev/$file.tsv: $!\n";
    while (<$in>) { chomp; push @background, json((split /\t/)[0]) }
}
# The text of a document stays JSON as it is: it is cut between sentences only.
open $in, '-|', 'zcat', "$data/vntc/train.jsonl.gz" or die "zcat: $!\n";
my @documents;
while (<$in>) { push @documents, $1 if /"text": "(.*)"\}$/ }
while ($sentences > 0 && @documents) {
    my $at = draw() % @documents;
    my $text = $documents[$at];
    $documents[$at] = $documents[-1];
    pop @documents;
    $text =~ s/\\(?:[rnt\\]|u[0-9a-fA-F]{4})/ /g;
    for my $sentence (split /(?<=[.!?]) +/, $text) {
        next if length $sentence < 20;
        push @background, $sentence;
        $sentences--;
    }
}
# Twice as likely at noon as on average, hardly ever at four in the morning.
for my $text (@background) {
    my $at;
    do { $at = int(share() * 30 * $day) } until share() * 2 < 1 + sin(($at % $day) / $day * 6.28318530718 - 2.6);
    push @items, [$start + $at, $text, '-', '-'];
}
open my $out, '>', $labels or die "$labels: $!\n";
my $number = 0;
for my $item (sort { $a->[0] <=> $b->[0] || $a->[1] cmp $b->[1] } @items) {
    $number++;
    print qq({"id":"$number","time":$item->[0],"text":"$item->[1]"}\n);
    print $out "$item->[0]\t$item->[2]\t$item->[3]\n";
}
