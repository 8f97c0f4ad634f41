// SPDX-License-Identifier: MIT
// exhaustive.cc - every float, and doubles by the thousand million, as text
//
//	exhaustive [DOUBLES [STRIDE]]
//
// The one program here that is not C, for the sake of its judge: libstdc++ has
// another algorithm (Ryu) for the shortest and nearest digits, and another
// (Eisel and Lemire's) to read them back.  How Python's repr lays the digits
// out is told here anew.  All cores; every STRIDE-th float, 1 by default.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

extern "C" {
#include "lib/text/numtext.h"
}

namespace
{

constexpr size_t BATCH = 256;
constexpr uint64_t SLICE = 1 << 20;

std::atomic<uint64_t> wrong, done;

// Python's repr() of the digits and exponent that to_chars() finds.
template <typename F> size_t repr(F v, char *out)
{
	char sci[64], *p = sci, digits[32];
	size_t n = 0, len = 0;
	int exp = 0, e10;

	if (std::isnan(v)) {
		memcpy(out, "nan", 3);
		return 3;
	}
	if (std::signbit(v))
		out[len++] = '-';
	v = std::fabs(v);
	if (std::isinf(v)) {
		memcpy(out + len, "inf", 3);
		return len + 3;
	}
	*std::to_chars(sci, sci + 64, v, std::chars_format::scientific).ptr = 0;
	for (; *p != 'e'; p++)
		if (*p != '.')
			digits[n++] = *p;
	// from_chars() knows no '+'
	p += p[1] == '+' ? 2 : 1;
	std::from_chars(p, p + 5, exp);

	if (exp >= 16 || exp < -4) {
		out[len++] = digits[0];
		if (n > 1)
			out[len++] = '.';
		memcpy(out + len, digits + 1, n - 1);
		len += n - 1;
		out[len++] = 'e';
		out[len++] = exp < 0 ? '-' : '+';
		e10 = std::abs(exp);
		if (e10 < 10)
			out[len++] = '0';
		return std::to_chars(out + len, out + len + 4, e10).ptr - out;
	}
	for (int i = std::min(exp, 0); i <= std::max(exp + 1, (int)n - 1);
	     i++) {
		if (i == (exp < 0 ? exp + 1 : exp + 1))
			out[len++] = '.';
		out[len++] = i >= 0 && i < (int)n ? digits[i] : '0';
	}
	return len;
}

template <typename F, typename U>
void compare(const uint64_t *v, size_t n,
	     void (*cells)(const uint64_t *, size_t, oq_cell *),
	     uint64_t (*lens)(const uint64_t *, size_t))
{
	static thread_local oq_cell got[BATCH + 1];
	uint64_t sum = 0;

	cells(v, n, got);
	for (size_t i = 0; i < n; i++) {
		const char *text = got[i].text + got[i].start;
		U bits = (U)v[i], back;
		char want[64];
		F f, again = 0;
		size_t len;

		memcpy(&f, &bits, sizeof(f));
		len = repr(f, want);
		sum += len;
		std::from_chars(text, text + got[i].len, again);
		memcpy(&back, &again, sizeof(back));
		if (got[i].len == len && memcmp(text, want, len) == 0 &&
		    (std::isnan(f) || back == bits))
			continue;
		if (wrong++ < 20)
			printf("%llx: %.*s, not %.*s\n",
			       (unsigned long long)v[i], got[i].len, text,
			       (int)len, want);
	}
	if (lens(v, n) != sum && wrong++ < 20)
		printf("lengths from %llx on\n", (unsigned long long)v[0]);
}

void floats(uint64_t slice, uint64_t stride)
{
	uint64_t v[BATCH], end = (slice + 1) * SLICE;
	uint64_t bits = (slice * SLICE + stride - 1) / stride * stride;

	while (bits < end) {
		size_t n = 0;

		for (; n < BATCH && bits < end; bits += stride)
			v[n++] = bits;
		compare<float, uint32_t>(v, n, oq_f32_cells, oq_f32_lens);
		done += n;
	}
}

uint64_t bits_of(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

// Any bits; even in an interval; few digits, few bits; whole numbers; and
// what lies about the powers of two and ten.
uint64_t a_double(uint64_t &x, uint64_t i)
{
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	switch (i % 8) {
	case 0:
		return bits_of((double)(x >> 11) * 0x1p-53);
	case 1:
		return bits_of((double)(x >> 32) / std::pow(10, x % 16));
	case 2:
		return bits_of(std::ldexp((double)(x >> 40), x % 200 - 120));
	case 3:
		return bits_of((double)(x >> x % 53));
	case 4:
		return ((x >> 1) % 2047 << 52) + (x >> 40) % 64 - 32;
	case 5:
		return bits_of(std::pow(10, (int)(x % 600) - 300)) + x % 7 - 3;
	case 6:
		return bits_of(std::ldexp((double)(x >> 11 | 1), -(x % 13)));
	default:
		return x;
	}
}

void doubles(uint64_t slice, uint64_t)
{
	uint64_t v[BATCH], x = slice * 0x9e3779b97f4a7c15 + 88172645463325252;

	for (uint64_t i = 0; i < SLICE; i += BATCH) {
		for (size_t n = 0; n < BATCH; n++)
			v[n] = a_double(x, i + n);
		compare<double, uint64_t>(v, BATCH, oq_f64_cells, oq_f64_lens);
		done += BATCH;
	}
}

void on_all_cores(const char *what, void (*work)(uint64_t, uint64_t),
		  uint64_t nslices, uint64_t stride)
{
	std::vector<std::thread> threads;
	std::atomic<uint64_t> next{ 0 };

	done = 0;
	for (unsigned i = 0; i < std::thread::hardware_concurrency(); i++)
		threads.emplace_back([&] {
			for (uint64_t k; (k = next++) < nslices;)
				work(k, stride);
		});
	for (auto &t : threads)
		t.join();
	printf("%llu %s compared\n", (unsigned long long)done, what);
}

} // namespace

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], nullptr, 10) : 1000000000;
	uint64_t stride = argc > 2 ? strtoull(argv[2], nullptr, 10) : 1;

	on_all_cores("floats", floats, (1ull << 32) / SLICE, stride);
	on_all_cores("doubles", doubles, (n + SLICE - 1) / SLICE, 0);
	printf("%llu wrong\n", (unsigned long long)wrong);
	return wrong != 0;
}
