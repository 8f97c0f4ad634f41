/* SPDX-License-Identifier: MIT */
/* sanitized.h - whether the program is built with a sanitizer
 *
 * The runtimes of ASan and TSan reserve terabytes of addresses and make system
 * calls that nothing else here does.
 */
#ifndef OQ_SANITIZED_H
#define OQ_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OQ_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OQ_SANITIZED 1
#endif
#endif
#ifndef OQ_SANITIZED
#define OQ_SANITIZED 0
#endif

#endif
