#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// RE2 as a C interface: compile a pattern, match whole texts, release it. https://github.com/google/re2
// A compiled pattern may be used by several threads at once.

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern.
typedef struct cre2_pattern cre2_pattern;

/// Why a pattern was refused.
typedef enum {
    cre2_error_other = 0,
    cre2_error_bad_escape,
    cre2_error_bad_character_class,
    cre2_error_bad_character_range,
    cre2_error_missing_bracket,
    cre2_error_missing_parenthesis,
    cre2_error_unexpected_parenthesis,
    cre2_error_trailing_backslash,
    cre2_error_repetition_of_nothing,
    cre2_error_repetition_size,
    cre2_error_repetition_operator,
    cre2_error_bad_group,
    cre2_error_bad_utf8,
    cre2_error_bad_group_name,
    cre2_error_too_large,
} cre2_error;

/// Compiles a UTF-8 pattern. `.` matches any character, newlines included; case counts unless the pattern says `(?i)`.
/// `max_mem` bounds the bytes that the program and its cached states take. Returns NULL if RE2 refuses the pattern, with
/// the reason in `*error`, and in `*offset` the byte at which it is wrong, or SIZE_MAX if RE2 does not say.
cre2_pattern *cre2_compile(const char *text, size_t length, int64_t max_mem, cre2_error *error, size_t *offset);

/// Releases a pattern. No other thread may be using it.
void cre2_release(cre2_pattern *pattern);

/// Whether the pattern matches the whole text. Takes time in proportion to the text.
bool cre2_matches_all(const cre2_pattern *pattern, const char *text, size_t length);

/// The number of instructions of the compiled pattern: the factor of the time a match can take at most.
size_t cre2_size(const cre2_pattern *pattern);

/// Calls `atom` with each text of at least `least` bytes, in lower case, that a text must contain for the pattern to match
/// it, compared without regard to case. Finds only the texts that RE2's prefilter finds; none is a correct answer.
void cre2_each_required(
    const char *text, size_t length, int64_t max_mem, size_t least, void *context,
    void (*atom)(void *context, const char *text, size_t length));

#ifdef __cplusplus
}
#endif
