/* A client whose memory is looked into from outside, as tests/canary/src/bin/client.rs is one. Arguments: the folder of
 * keys, which credentials, and where the gateway is. Secrets come from files in which every byte is inverted; what has
 * to be read in plain is cleared. */
#include "common.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;

static void clear(volatile unsigned char *bytes, size_t length) {
  while (length > 0) bytes[--length] = 0;
}

/* A file, with a zero behind it; read without a buffer of the C library's. */
static unsigned char *content(const char *name, size_t *length) {
  char path[4096];
  struct stat about;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int file = open(path, O_RDONLY);
  CHECK(file >= 0 && fstat(file, &about) == 0);
  *length = (size_t)about.st_size;
  unsigned char *bytes = malloc(*length + 1);
  CHECK(bytes != NULL && read(file, bytes, *length) == (ssize_t)*length);
  bytes[*length] = 0;
  close(file);
  return bytes;
}

static char *inverted(const char *name, size_t *length) {
  unsigned char *bytes = content(name, length);
  for (size_t i = 0; i < *length; i++) bytes[i] = (unsigned char)~bytes[i];
  return (char *)bytes;
}

static void done(void *bytes, size_t length) {
  clear(bytes, length);
  free(bytes);
}

static void stop(const char *point) {
  char line;
  puts(point);
  fflush(stdout);
  CHECK(read(STDIN_FILENO, &line, 1) == 1);
}

int main(int count, char **arguments) {
  CHECK(count == 4);
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  size_t lengths[3];
  char roots[4096];
  folder = arguments[1];
  snprintf(roots, sizeof roots, "%s/ca.pem", folder);

  char *key = inverted("inverted-api_key", &lengths[0]);
  OK(redpack_config_new("1900000109", "wx8888888888888888", key, &config, &error));
  done(key, lengths[0]);
  if (strcmp(arguments[2], "pem_bytes") == 0) {
    unsigned char *certificate = content("apiclient_cert.pem", &lengths[0]);
    unsigned char *private_key = content("apiclient_key.pem", &lengths[1]);
    OK(redpack_config_set_pem(config, certificate, lengths[0], private_key, lengths[1], &error));
    done(certificate, lengths[0]);
    done(private_key, lengths[1]);
  } else if (strcmp(arguments[2], "pem_files") == 0) {
    char paths[2][4096];
    snprintf(paths[0], sizeof paths[0], "%s/apiclient_cert.pem", folder);
    snprintf(paths[1], sizeof paths[1], "%s/apiclient_key.pem", folder);
    OK(redpack_config_set_pem_files(config, paths[0], paths[1], &error));
  } else {
    unsigned char *file = content("apiclient_cert.p12", &lengths[0]);
    char *passphrase = inverted("inverted-passphrase", &lengths[1]);
    OK(redpack_config_set_pkcs12(config, file, lengths[0], passphrase, &error));
    done(file, lengths[0]);
    done(passphrase, lengths[1]);
  }
  OK(redpack_config_set_roots_file(config, roots, &error));
  OK(redpack_config_set_base_url(config, arguments[3], &error));
  stop("given");

  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config);
  for (int i = 0; i < 2; i++) {
    redpack_send_result *sent = NULL;
    redpack_request *order = new_order(i == 0 ? "190000010926112400000000d1" : "190000010926112400000000d2", OPENID, 100);
    OK(redpack_client_send(client, order, &sent, &error));
    redpack_send_result_free(sent);
    redpack_request_free(order);
  }
  const char *names[] = {"inverted-another_api_key", "inverted-api_key"};
  for (int i = 0; i < 2; i++) {
    char *other = inverted(names[i], &lengths[0]);
    OK(redpack_client_replace_api_key(client, other, &error));
    done(other, lengths[0]);
  }
  stop("alive");

  redpack_client_free(client);
  stop("freed");
  return 0;
}
