// SPDX-License-Identifier: Apache-2.0
#include "web/web_config.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/trusted_path.h"
#include "yaml/read_yaml.h"

namespace socbridge::web {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    const std::size_t slash = path.rfind('/');
    folder_ = slash == std::string::npos ? "." : path.substr(0, slash);
  }

  Status wrong(const std::string& why, std::string hint = {}) const {
    return Status::error(ExitCode::usage, printable(path_, 300) + ": " + why, std::move(hint));
  }

  Status check(json::Value object, const std::string& where,
               std::initializer_list<std::string_view> known) const {
    if (object.missing()) return {};
    if (!object.is_object()) return wrong(where + " must be a mapping");
    for (std::size_t i = 0; i < object.size(); ++i) {
      const std::string_view name = object.key_at(i);
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      return wrong(where + ": \"" + printable(name, 60) + "\" is unknown");
    }
    return {};
  }

  // A list or mapping in place of a text would otherwise be ignored.
  Status check_texts(json::Value object, const std::string& where) const {
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (object.value_at(i).is_string()) continue;
      return wrong(where + ": \"" + printable(object.key_at(i), 60) + "\" must be a text");
    }
    return {};
  }

  std::string file(json::Value value) const {
    const std::string name = value.text();
    return name.empty() || name.starts_with('/') ? name : folder_ + "/" + name;
  }

  Status read_tls(json::Value tls, ServerOptions& out) const {
    Status bad = check(tls, "tls_server_config",
                       {"cert_file", "key_file", "client_ca_file", "client_auth_type",
                        "min_version", "max_version"});
    if (bad.ok()) bad = check_texts(tls, "tls_server_config");
    if (!bad.ok() || tls.missing()) return bad;
    out.cert_file = file(tls["cert_file"]);
    out.key_file = file(tls["key_file"]);
    if (out.cert_file.empty() || out.key_file.empty()) {
      return wrong("tls_server_config needs cert_file and key_file");
    }
    const std::string least = tls["min_version"].text(), most = tls["max_version"].text();
    if (least == "TLS13") {
      out.least_tls = LeastTls::v1_3;
    } else if (!least.empty() && least != "TLS12") {
      return wrong("min_version must be TLS12 or TLS13");
    }
    if (!most.empty() && most != "TLS13") return wrong("max_version must be TLS13");
    return read_clients(tls, out);
  }

  Status read_http(json::Value http, ServerOptions& out) const {
    if (Status bad = check(http, "http_server_config", {"http2", "headers"}); !bad.ok()) return bad;
    const json::Value headers = http["headers"];
    if (Status bad = check(headers, "headers",
                           {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
                            "X-XSS-Protection", "Strict-Transport-Security"});
        !bad.ok()) {
      return bad;
    }
    if (Status bad = check_texts(headers, "headers"); !bad.ok()) return bad;
    for (std::size_t i = 0; i < headers.size(); ++i) {
      const std::string value = headers.value_at(i).text();
      if (value != printable(value, value.size() + 1)) return wrong("headers: control characters");
      out.headers.emplace_back(headers.key_at(i), value);
    }
    return {};
  }

  Status read_users(json::Value users, BasicUsers& out) const {
    if (users.missing()) return {};
    if (!users.is_object()) return wrong("basic_auth_users must be a mapping");
    if (Status bad = check_texts(users, "basic_auth_users"); !bad.ok()) return bad;
    std::vector<std::pair<std::string, std::string>> all;
    for (std::size_t i = 0; i < users.size(); ++i) {
      all.emplace_back(users.key_at(i), users.value_at(i).text());
    }
    auto read = BasicUsers::of(all);
    if (!read.ok()) return wrong(read.status().message(), read.status().hint());
    out = std::move(*read);
    return {};
  }

 private:
  Status read_clients(json::Value tls, ServerOptions& out) const {
    const std::string type = tls["client_auth_type"].text();
    const std::string ca = file(tls["client_ca_file"]);
    if (type.empty() || type == "NoClientCert") {
      return ca.empty() ? Status()
                        : wrong("client_ca_file needs a client_auth_type",
                                "RequireAndVerifyClientCert or VerifyClientCertIfGiven");
    }
    if (type == "VerifyClientCertIfGiven") {
      out.client_certificate = ClientCertificate::if_given;
    } else if (type != "RequireAndVerifyClientCert") {
      return wrong("client_auth_type: " + printable(type, 60) + " is not supported",
                   "use NoClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert");
    }
    if (ca.empty()) return wrong(type + " needs client_ca_file");
    out.client_ca_file = ca;
    return {};
  }

  const std::string& path_;
  std::string folder_;
};

Result<std::string> read_text(Env& env, const std::string& path) {
  const auto fd = open_trusted(path, Trust::of_process(), PathKind::file);
  if (!fd.ok()) return Status::error(ExitCode::usage, fd.status().message(), fd.status().hint());
  auto text = env.read_all(fd->get(), kMaxFile);
  if (!text.ok()) return Reader(path).wrong(text.status().message());
  return text;
}

Result<WebConfig> parse(const std::string& text, const std::string& path) {
  const Reader reader(path);
  WebConfig out;
  out.server.challenge = "Basic realm=\"socctl\"";
  out.server.methods = "GET, HEAD";
  if (trim(text).empty()) return out;  // as Prometheus: neither TLS nor users
  const auto document = yaml::read(text);
  if (!document.ok()) return reader.wrong(document.status().message());
  const json::Value root = document->root();
  Status bad = reader.check(root, "the file",
                            {"tls_server_config", "http_server_config", "basic_auth_users"});
  if (bad.ok()) bad = reader.read_tls(root["tls_server_config"], out.server);
  if (bad.ok()) bad = reader.read_http(root["http_server_config"], out.server);
  if (bad.ok()) bad = reader.read_users(root["basic_auth_users"], out.users);
  if (!bad.ok()) return bad;
  return out;
}

}  // namespace

Result<WebConfig> read_web_config(Env& env, const std::string& path) {
  const auto text = read_text(env, path);
  if (!text.ok()) return text.status();
  return parse(*text, path);
}

Result<WebConfigFile> WebConfigFile::open(Env& env, const std::string& path,
                                          std::function<void(const Status&)> complain) {
  WebConfigFile out(env, path, std::move(complain));
  auto text = read_text(env, path);
  if (!text.ok()) return text.status();
  auto config = parse(*text, path);
  if (!config.ok()) return config.status();
  out.text_ = std::move(*text);
  out.config_ = std::move(*config);
  return out;
}

Status WebConfigFile::use(const std::string& text) {
  auto config = parse(text, path_);
  if (!config.ok()) return config.status();
  if (config->server.cert_file.empty() != config_.server.cert_file.empty()) {
    return Reader(path_).wrong("TLS is turned on or off by a restart only");
  }
  // A file that is being written is empty at first.
  if (config->users.empty() && !config_.users.empty()) {
    return Reader(path_).wrong("it has no users; logins are turned off by a restart only");
  }
  config->users.keep(config_.users);
  config_ = std::move(*config);
  return {};
}

void WebConfigFile::refresh() {
  auto text = read_text(*env_, path_);
  if (text.ok() && *text == text_) return;
  const Status bad = text.ok() ? use(*text) : text.status();
  if (text.ok()) text_ = std::move(*text);  // even if it cannot be used: it is reported once
  const std::string complaint = bad.ok() ? std::string() : bad.line();
  if (!complaint.empty() && complaint != complaint_ && complain_) complain_(bad);
  complaint_ = complaint;
}

}  // namespace socbridge::web
