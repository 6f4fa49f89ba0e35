#include "CAPIDescription.h"

// C, since Swift's compiler needs 75 seconds and a gigabyte for an array of this size, and clang a twentieth of a second.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char description[] = {
#embed "../../docs/openapi.json"
};

const unsigned char *alertgate_openapi_json(void) { return description; }
size_t alertgate_openapi_json_size(void) { return sizeof description; }
