#include "CRE2.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <string>
#include <vector>

struct cre2_pattern {
    cre2_pattern(const re2::StringPiece &text, const RE2::Options &options) : re2(text, options) {}
    RE2 re2;
};

namespace {

RE2::Options options(int64_t max_mem) {
    RE2::Options options;
    options.set_dot_nl(true);
    options.set_never_capture(true);
    options.set_log_errors(false);
    options.set_max_mem(max_mem);
    return options;
}

cre2_error error_of(RE2::ErrorCode code) {
    switch (code) {
    case RE2::ErrorBadEscape: return cre2_error_bad_escape;
    case RE2::ErrorBadCharClass: return cre2_error_bad_character_class;
    case RE2::ErrorBadCharRange: return cre2_error_bad_character_range;
    case RE2::ErrorMissingBracket: return cre2_error_missing_bracket;
    case RE2::ErrorMissingParen: return cre2_error_missing_parenthesis;
    case RE2::ErrorUnexpectedParen: return cre2_error_unexpected_parenthesis;
    case RE2::ErrorTrailingBackslash: return cre2_error_trailing_backslash;
    case RE2::ErrorRepeatArgument: return cre2_error_repetition_of_nothing;
    case RE2::ErrorRepeatSize: return cre2_error_repetition_size;
    case RE2::ErrorRepeatOp: return cre2_error_repetition_operator;
    case RE2::ErrorBadPerlOp: return cre2_error_bad_group;
    case RE2::ErrorBadUTF8: return cre2_error_bad_utf8;
    case RE2::ErrorBadNamedCapture: return cre2_error_bad_group_name;
    case RE2::ErrorPatternTooLarge: return cre2_error_too_large;
    default: return cre2_error_other;
    }
}

// RE2 names the fragment that is wrong, not its place. It stops at the first one, so the first occurrence is the place.
size_t offset_of(const RE2 &re2, const std::string &text) {
    const std::string &fragment = re2.error_arg();
    if (fragment.empty()) return SIZE_MAX;
    const size_t offset = text.find(fragment);
    return offset == std::string::npos ? SIZE_MAX : offset;
}

}  // namespace

cre2_pattern *cre2_compile(const char *text, size_t length, int64_t max_mem, cre2_error *error, size_t *offset) {
    auto *pattern = new cre2_pattern(re2::StringPiece(text, length), options(max_mem));
    if (pattern->re2.ok()) return pattern;
    *error = error_of(pattern->re2.error_code());
    *offset = offset_of(pattern->re2, std::string(text, length));
    delete pattern;
    return nullptr;
}

void cre2_release(cre2_pattern *pattern) { delete pattern; }

bool cre2_matches_all(const cre2_pattern *pattern, const char *text, size_t length) {
    return pattern->re2.Match(re2::StringPiece(text, length), 0, length, RE2::ANCHOR_BOTH, nullptr, 0);
}

size_t cre2_size(const cre2_pattern *pattern) { return static_cast<size_t>(pattern->re2.ProgramSize()); }

void cre2_each_required(
    const char *text, size_t length, int64_t max_mem, size_t least, void *context,
    void (*atom)(void *context, const char *text, size_t length)) {
    re2::FilteredRE2 filter(static_cast<int>(least));
    int id = 0;
    if (filter.Add(re2::StringPiece(text, length), options(max_mem), &id) != RE2::NoError) return;
    std::vector<std::string> atoms;
    filter.Compile(&atoms);
    // An atom is required if the pattern can no longer match where every other atom is found.
    for (size_t left_out = 0; left_out < atoms.size(); ++left_out) {
        std::vector<int> found;
        for (size_t index = 0; index < atoms.size(); ++index) {
            if (index != left_out) found.push_back(static_cast<int>(index));
        }
        std::vector<int> potentials;
        filter.AllPotentials(found, &potentials);
        if (potentials.empty()) atom(context, atoms[left_out].data(), atoms[left_out].size());
    }
}
