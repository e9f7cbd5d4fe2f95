/* What the two halves of the conformance runner share: reading cases, and saying what differs. */
#ifndef VECTORS_H
#define VECTORS_H

#include "common.h"
#include <cjson/cJSON.h>

extern const char *file_name, *case_name;
extern int failures;

static inline void differs(const char *what, const char *expected, const char *found) {
  fprintf(stderr, "%s: %s: %s: expected %s, found %s\n", file_name, case_name, what,
          expected != NULL ? expected : "nothing", found != NULL ? found : "nothing");
  failures++;
}

static inline void same(const char *what, const char *expected, const char *found) {
  if (expected == NULL || found == NULL ? expected != found : strcmp(expected, found) != 0)
    differs(what, expected, found);
}

static inline void same_number(const char *what, long long expected, long long found) {
  char texts[2][24];
  snprintf(texts[0], sizeof texts[0], "%lld", expected);
  snprintf(texts[1], sizeof texts[1], "%lld", found);
  same(what, texts[0], texts[1]);
}

static inline cJSON *load(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
  long size = ftell(file);
  CHECK(size > 0);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  CHECK(text != NULL && fread(text, 1, (size_t)size, file) == (size_t)size);
  text[size] = '\0';
  fclose(file);
  cJSON *json = cJSON_Parse(text);
  CHECK(json != NULL);
  free(text);
  file_name = name;
  return json;
}

static inline const cJSON *in(const cJSON *json, const char *name) { return cJSON_GetObjectItemCaseSensitive(json, name); }

static inline const char *text_in(const cJSON *json, const char *name) { return cJSON_GetStringValue(in(json, name)); }

/* The fields of a case: an object, or a list of [name, value]. Both as C sees them: name and value. */
static inline const char *name_of(const cJSON *field) {
  return cJSON_IsArray(field) ? cJSON_GetStringValue(cJSON_GetArrayItem(field, 0)) : field->string;
}
static inline const char *value_of(const cJSON *field) {
  return cJSON_GetStringValue(cJSON_IsArray(field) ? cJSON_GetArrayItem(field, 1) : field);
}

/* scenarios.c: the cases of scenarios.json, played at the sandbox that the environment names. */
int scenarios(const cJSON *json);

#endif
