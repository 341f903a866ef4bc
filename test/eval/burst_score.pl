#!/usr/bin/perl
# burst_score.pl - how soon the alarms of `rises --unchecked` came, and which were false, for test/eval/bursts.
#
# burst_score.pl LABELS STORIES ALARMS
# LABELS as burst_stream.pl wrote them, STORIES and ALARMS as the program printed them.  An alarm belongs to what most
# of its story's items up to its time belong to: an event, or the background, and then it is false.  An event's delay
# counts from its first post at or after its onset to its first alarm from then on.
# Prints: MEDIAN-MINUTES BEFORE-AN-ONSET FALSE-A-WEEK ALARMS EVENTS-FOUND, then each event's delay in minutes.
use strict;
use warnings;

my ($labels, $stories, $alarms) = @ARGV;
my $days = 30;
my (%items, %onset, %first, %delay, %found);

open my $label, '<', $labels or die "$labels: $!\n";
open my $story, '<', $stories or die "$stories: $!\n";
while (my $line = <$story>) {
    chomp(my $of = <$label> // die "$labels is too short\n");
    my ($time, $event, $onset) = split /\t/, $of;
    my ($number) = $line =~ /"story":(\d+)/ or die "$stories: no story\n";
    push @{$items{$number}}, [$time, $event];
    next if $onset eq '-';
    $onset{$event} = $onset;
    $first{$event} = $time if $time >= $onset && !defined $first{$event};
}

# Days since 1970 of a civil date (Hinnant).
sub day {
    my ($y, $m, $d) = @_;
    $y-- if $m <= 2;
    my $era = int($y / 400);
    my $of_era = $y - $era * 400;
    my $of_year = int((153 * ($m + ($m > 2 ? -3 : 9)) + 2) / 5) + $d - 1;
    return $era * 146097 + $of_era * 365 + int($of_era / 4) - int($of_era / 100) + $of_year - 719468;
}

my ($count, $early, $false) = (0, 0, 0);
open my $in, '<', $alarms or die "$alarms: $!\n";
while (<$in>) {
    my ($series, $y, $m, $d, $h, $min, $s, $zh, $zm) =
        /"series":"(\d+)","time":"(\d+)-(\d+)-(\d+)T(\d+):(\d+):([\d.]+)\+(\d+):(\d+)"/ or die "alarm: $_";
    my $time = sprintf '%.0f', 1000 * (((day($y, $m, $d) * 24 + $h - $zh) * 60 + $min - $zm) * 60 + $s);
    my %of;
    $_->[0] <= $time and $of{$_->[1]}++ for @{$items{$series}};
    my ($event) = sort { $of{$b} <=> $of{$a} || $a cmp $b } keys %of;
    $count++;
    if ($event eq '-') { $false++; next }
    $found{$event} = 1;
    next unless defined $onset{$event};
    if ($time < $onset{$event}) { $early++; next }
    my $delay = ($time - $first{$event}) / 60000;
    $delay{$event} = $delay if !defined $delay{$event} || $delay < $delay{$event};
}
my @delays = sort { $a <=> $b } map { $delay{$_} // 1e6 } keys %onset;
printf "%.1f %d %.2f %d %d", $delays[$#delays / 2], $early, $false * 7 / $days, $count, scalar keys %found;
printf " %.0f", $_ for @delays;
print "\n";
