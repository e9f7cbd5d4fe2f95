/* libcurl with a kept handle in each thread, the fastest that a C program had before: mutual TLS, the whole answer read
 * and searched for SUCCESS. It signs nothing: the body is ready made, which is in its favour.
 *
 * libcurl AT_ONCE SECONDS URL FOLDER BODY_FILE */
#include "load.h"

#include <curl/curl.h>
#include <string.h>

static const char *url, *folder;
static char body[4096], address[512];
static size_t body_length;

struct handle {
    CURL *curl;
    struct curl_slist *headers;
    char answer[16384];
    size_t length;
};

static void check(CURLcode code, const char *what) {
    if (code == CURLE_OK) return;
    fprintf(stderr, "%s: %s\n", what, curl_easy_strerror(code));
    exit(1);
}

static size_t take(char *data, size_t size, size_t count, void *to) {
    struct handle *handle = to;
    size_t length = size * count;
    if (handle->length + length >= sizeof handle->answer) return 0;
    memcpy(handle->answer + handle->length, data, length);
    handle->length += length;
    return length;
}

static void set(CURL *curl, CURLoption option, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    check(curl_easy_setopt(curl, option, path), name);
}

static void *make(void) {
    struct handle *handle = calloc(1, sizeof *handle);
    CURL *curl = curl_easy_init();
    if (!handle || !curl) exit(1);
    handle->curl = curl;
    handle->headers = curl_slist_append(NULL, "Content-Type: text/xml; charset=utf-8");
    set(curl, CURLOPT_CAINFO, "ca.pem");
    set(curl, CURLOPT_SSLCERT, "client.pem");
    set(curl, CURLOPT_SSLKEY, "client.key");
    check(curl_easy_setopt(curl, CURLOPT_URL, address), "URL");
    check(curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle->headers), "headers");
    check(curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body), "body");
    check(curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body_length), "length");
    check(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L), "signals");
    check(curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L), "limit");
    check(curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take), "writer");
    check(curl_easy_setopt(curl, CURLOPT_WRITEDATA, handle), "answer");
    return handle;
}

static void send_once(void *with) {
    struct handle *handle = with;
    handle->length = 0;
    check(curl_easy_perform(handle->curl), "send");
    handle->answer[handle->length] = 0;
    if (!strstr(handle->answer, "<result_code>SUCCESS")) {
        fprintf(stderr, "not a success\n");
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    url = argv[3];
    folder = argv[4];
    snprintf(address, sizeof address, "%s/mmpaymkttransfers/sendredpack", url);
    FILE *file = fopen(argv[5], "r");
    if (!file) return 2;
    body_length = fread(body, 1, sizeof body, file);
    fclose(file);
    check(curl_global_init(CURL_GLOBAL_DEFAULT), "libcurl");
    return load_run(atoi(argv[1]), atof(argv[2]), make, send_once);
}
