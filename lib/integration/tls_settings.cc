// SPDX-License-Identifier: Apache-2.0
#include "integration/tls_settings.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "base/trusted_path.h"
#include "config/check.h"
#include "integration/endpoint_keys.h"

namespace socbridge::integration {
namespace {

class Reader {
 public:
  Reader(const Keys& keys, const config::KeyFileRules& rules, std::vector<Status>& errors)
      : keys_(keys), rules_(rules), errors_(errors) {}

  void fail(const std::string& key, const std::string& what, std::string hint) {
    errors_.push_back(Status::error(
        ExitCode::usage, keys_.values.place("/" + key) + ": " + keys_.path + key + " " + what,
        std::move(hint)));
  }

  void check_pins(const std::string& pins) {
    if (config::is_pin_list(pins)) return;
    fail("pinned_key", "must be sha256//BASE64 of the server's public key", config::kHowToPin);
  }

  // Only trusted users may change the file, and other users must not read it.
  void check_key_file(const std::string& path) {
    const auto fd = open_trusted(path, rules_.trust, PathKind::file);
    if (!fd.ok()) {
      // Another user may be able to open it; the error is then reported when it is used.
      if (fd.status().sys_errno() == EACCES) return;
      fail("client_key_file", "cannot be used: " + fd.status().message(), fd.status().hint());
      return;
    }
    struct stat info {};
    if (::fstat(fd->get(), &info) != 0 || (info.st_mode & S_IROTH) == 0) return;
    fail("client_key_file", "can be read by all users: " + printable(path),
         "run chmod 0640 on it, with group wazuh");
  }

 private:
  const Keys& keys_;
  const config::KeyFileRules& rules_;
  std::vector<Status>& errors_;
};

}  // namespace

void set_tls(const Keys& keys, const std::string& home, const config::KeyFileRules& rules,
             http::ClientOptions& http, std::vector<Status>& errors) {
  Reader reader(keys, rules, errors);
  http.tls.client_cert_file = below(home, keys.values.text("client_cert_file"));
  http.tls.client_key_file = below(home, keys.values.text("client_key_file"));
  if (http.tls.client_cert_file.empty() != http.tls.client_key_file.empty()) {
    const bool lacks_key = http.tls.client_key_file.empty();
    reader.fail(lacks_key ? "client_cert_file" : "client_key_file",
                lacks_key ? "needs client_key_file" : "needs client_cert_file",
                "name the certificate and its key");
  }
  if (!http.tls.client_key_file.empty()) reader.check_key_file(http.tls.client_key_file);
  http.tls.pinned_key = keys.values.text("pinned_key");
  if (!http.tls.pinned_key.empty()) reader.check_pins(http.tls.pinned_key);
  http.tls.insecure = keys.values.boolean("insecure");
  const Secret login = keys.values.secret("proxy_login");
  if (login.empty()) return;
  auto read = config::read_key(login, rules);
  if (!read.ok()) {
    errors.push_back(
        error_of(keys, "proxy_login", ": " + read.status().message(), read.status().hint()));
    return;
  }
  if (keys.values.text("proxy").empty())
    reader.fail("proxy_login", "needs a proxy", "set proxy too");
  if (read->reveal().find(':') == std::string_view::npos) {
    reader.fail("proxy_login", "must be user:password", "put it into a file: file:PATH");
  }
  http.proxy_login = std::move(*read);
}

}  // namespace socbridge::integration
