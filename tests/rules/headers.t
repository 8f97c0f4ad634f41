#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# headers.t - each header compiles alone, and is the first its source includes
use strict;
use warnings;
use Test::More;

my @cc = (split(' ', $ENV{CC} // 'cc'), qw(-std=gnu17 -D_GNU_SOURCE
	-D_FILE_OFFSET_BITS=64 -DFUSE_USE_VERSION=312 -Wall -Wextra -Werror
	-fsyntax-only -x c -I.), split(' ', $ENV{DEP_INC} // ''));

for my $h (sort glob '{lib,fs}/*.h {lib,fs}/*/*.h') {
	# As in the Makefile: only lib/hdf5 can find <hdf5.h>.
	my @h5 = $h =~ m{^lib/hdf5/} ? split(' ', $ENV{H5_CFLAGS} // '') : ();
	# Included twice, to see that it is guarded.
	open my $src, '|-', @cc, @h5, '-' or die "cc: $!";
	print $src qq(#include "$h"\n#include "$h"\n);
	ok(close($src), "$h compiles alone");
}

for my $c (sort glob '{lib,fs}/*.c {lib,fs}/*/*.c') {
	my $h = $c =~ s/\.c$/.h/r;
	next unless -e $h;
	open my $src, '<', $c or die "$c: $!";
	my ($first) = grep { /^#\s*include/ } <$src>;
	like($first, qr/"$h"/, "$c includes its own header first");
}

done_testing;
