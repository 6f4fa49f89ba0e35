#include "CBuild.h"

// Package.swift defines ALERTGATE_COMMIT from the environment; `git archive` replaces the text between the dollar signs
// (.gitattributes), so that a program built from a tarball knows its commit without git.
#ifdef ALERTGATE_COMMIT
static const char commit[] = ALERTGATE_COMMIT;
#else
static const char commit[] = "$Format:%h$";
#endif

const char *alertgate_commit(void) { return commit[0] == '$' ? "" : commit; }
