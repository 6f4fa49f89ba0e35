// The commit that the program was built from, abbreviated; "-dirty" follows if files differed from it. Empty if it is
// unknown: a build without `make release`, outside of git. The text is constant.
const char *alertgate_commit(void);
