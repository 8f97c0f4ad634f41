#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# format.t - the sources look alike and say nothing of where they were written
use strict;
use warnings;
use File::Find;
use Test::More;

my @c = sort glob '{lib,fs,tests}/*.[ch] {lib,fs,tests}/*/*.[ch] tests/unit/*/*/*.c';

# What a source may not hold.  In pieces, as this is one too.
my $words = join '|', '\bTO' . 'DO\b', '\bFIX' . 'ME\b', '\bX' . 'XX\b',
	'(?<!lib)/wo' . 'rk/', 'deb\.deb' . 'ian', 'archive\.ubu' . 'ntu',
	'snapshot\.deb' . 'ian', 'py' . 'pi\.org';

my (@said, @nameless);
find({ no_chdir => 1, wanted => sub {
	return $File::Find::prune = 1 if m{^\./(build|\.git)$};
	return unless -f && -T;
	open my $fh, '<', $_ or die "$_: $!";
	while (my $line = <$fh>) {
		push @said, "$_:$.: $line" if $line =~ /$words/;
	}
} }, '.');
is("@said", '', 'no reminders, no paths of one machine, no hosts');

for my $f (@c, glob('tests/*/*.{t,bats}'), glob 'contrib/*') {
	next if $f =~ m{\.md$} || !-f $f;
	open my $fh, '<', $f or die "$f: $!";
	my @top = map { scalar <$fh> // '' } 1 .. 2;
	push @nameless, $f unless grep { /SPDX-License-Identifier: MIT/ } @top;
}
is("@nameless", '', 'each source names its licence');

my (@wide, @long);
for my $f (@c) {
	open my $fh, '<', $f or die "$f: $!";
	while (my $line = <$fh>) {
		chomp $line;
		utf8::decode($line);
		1 while $line =~ s/\t/' ' x (8 - $-[0] % 8)/e;
		push @wide, "$f:$." if length $line > 80;
	}
	push @long, "$f ($.)" if $. > 500 && $f !~ m{^tests/};
}
is("@wide", '', 'lines fit in 80 columns');
is("@long", '', 'files fit in 500 lines');

SKIP: {
	my ($version) = (qx(clang-format --version 2>&1) // '') =~ /(\d+)\./;
	skip 'clang-format 14 is not here (later ones differ in places)', 1
		unless ($version // 0) == 14;
	my @off = grep {
		system("clang-format --dry-run -Werror $_ 2>/dev/null") != 0
	} @c;
	is("@off", '', 'clang-format agrees (make format)');
}

done_testing;
