#include <stddef.h>

// docs/openapi.json as it was at the build, UTF-8, and its size in bytes. The memory is constant.
const unsigned char *alertgate_openapi_json(void);
size_t alertgate_openapi_json_size(void);
