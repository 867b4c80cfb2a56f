// SPDX-License-Identifier: Apache-2.0
#include "profile/config_file.h"

#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/text.h"
#include "base/trusted_path.h"
#include "config/check.h"
#include "json/value.h"
#include "profile/section.h"

namespace socbridge::profile {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

std::vector<std::string_view> keys() {
  std::vector<std::string_view> names;
  for (const config::Key& key : product_schema()) names.push_back(key.name);
  return names;
}

bool known(std::string_view name, const std::vector<std::string_view>& names) {
  for (const std::string_view candidate : names) {
    if (candidate == name) return true;
  }
  return false;
}

Status unknown(const std::string& path, std::string_view text, std::string_view dotted,
               std::string_view name, const std::vector<std::string_view>& names) {
  std::string where = path;
  const std::string position = json::locate(text, dotted);
  if (!position.empty()) where += ":" + position;
  const std::string_view near = nearest(name, names);
  std::string hint;
  if (near.empty()) {
    for (const std::string_view candidate : names) {
      hint += (hint.empty() ? "known are " : ", ") + std::string(candidate);
    }
  } else {
    hint = "did you mean \"" + std::string(near) + "\"?";
  }
  return Status::error(ExitCode::usage, where + ": unknown key \"" + printable(name, 60) + "\"",
                       std::move(hint));
}

void take(FileValues& out, std::string_view key, const std::string& value) {
  if (key == "url") out.url = value;
  if (key == "user") out.user = value;
  if (key == "organisation") out.organisation = value;
  if (key == "ca_file") out.ca_file = value;
  if (key == "scheme") out.scheme = value;
  if (key == "client_cert_file") out.client_cert_file = value;
  if (key == "client_key_file") out.client_key_file = value;
  if (key == "pinned_key") out.pinned_key = value;
  if (key == "key" && !value.empty()) out.key = Secret(value);
  if (key == "key_file" && !value.empty()) out.key = Secret("file:" + value);
}

// With line and column, in the form that Settings uses for w2thive.json.
Status no_object(const std::string& path, const std::string& text, const Status& error) {
  std::vector<Status> placed = config::Settings(config::Schema()).add_json(text, path);
  if (!placed.empty()) return placed.front();
  return Status::error(ExitCode::usage, path + ": " + error.message());
}

Status cannot_open(const std::string& path, const Status& error) {
  const bool others = ::geteuid() == 0 && is_distrust(error) && !error.hint().empty();
  // An error about a parent folder names that folder's path.
  const bool named = error.message().find(printable(path, path.size())) != std::string::npos;
  return Status::error(
      ExitCode::usage, (named ? "" : path + ": ") + error.message(),
      error.hint() + (others ? ", or use a file of root with --profile or HOME=/root" : ""));
}

Status wrong_product(const std::string& path, std::string_view text, const std::string& product,
                     const ProductError& error) {
  const std::string dotted = product + "." + std::string(error.key);
  return Status::error(
      ExitCode::usage,
      path + ":" + json::locate(text, dotted) + ": " + dotted + " " + error.status.message(),
      error.status.hint());
}

}  // namespace

// The list to extend for a new product.
const std::vector<std::string_view>& product_names() {
  static const std::vector<std::string_view> names = {
      "thehive", "cortex", "opencti", "grafana", "opensearch", "prometheus", "wazuh"};
  return names;
}

const config::Schema& product_schema() {
  using config::Kind;
  static const config::Schema schema = {
      {"url", Kind::string, "\"\"", "Base URL"},
      {"user", Kind::string, "\"\"",
       "User name for Basic authentication, if the product has no keys"},
      {"key", Kind::string, "\"\"", "API key, token or password, or file:PATH"},
      {"key_file", Kind::string, "\"\"", "File with the key"},
      {"scheme", Kind::string, "\"\"",
       "Scheme in the Authorization header before the key, e.g. ApiKey"},
      {"organisation", Kind::string, "\"\"", "Organisation to act in (TheHive, Cortex)"},
      {"ca_file", Kind::string, "\"\"", "CA certificates (PEM) to trust"},
      {"client_cert_file", Kind::string, "\"\"", "Client certificate (PEM) for the server"},
      {"client_key_file", Kind::string, "\"\"", "Its private key (PEM)"},
      {"pinned_key", Kind::string, "\"\"",
       "Public keys that the server may have: sha256//BASE64, separated by ;"},
  };
  return schema;
}

std::vector<ProductError> check_product(json::Value section) {
  std::vector<ProductError> errors;
  const auto add = [&](std::string_view key, std::string what, std::string hint) {
    errors.push_back({key, Status::error(ExitCode::usage, std::move(what), std::move(hint))});
  };
  const auto given = [&](const char* key) { return !section[key].string_or_empty().empty(); };
  if (given("key") && given("key_file")) {
    add("key_file", "cannot be combined with key", "remove one of them");
  }
  if (given("pinned_key") && !config::is_pin_list(section["pinned_key"].string_or_empty())) {
    add("pinned_key", "must be sha256//BASE64 of the server's public key", config::kHowToPin);
  }
  return errors;
}

Result<ConfigFile> parse_config_file(Env& env, const std::string& path) {
  ConfigFile out;
  const auto info = env.stat(path);
  if (!info.ok()) {
    const int e = info.status().sys_errno();
    if (e == ENOENT || e == ENOTDIR) return out;
    return Status::error(ExitCode::usage, info.status().message());
  }
  const auto fd = open_trusted(path, Trust::of_process(), PathKind::file);
  if (!fd.ok()) {
    return cannot_open(path, fd.status());
  }
  auto text = env.read_all(fd->get(), kMaxBytes);
  if (!text.ok()) {
    return Status::error(ExitCode::usage, "cannot read " + path + ": " + text.status().message());
  }
  auto document = json::Document::parse(*text, json::ParseOptions::configuration());
  if (!document.ok() || !document->root().is_object()) {
    return no_object(path, *text, document.status());
  }
  out.text = std::move(*text);
  out.document = std::move(*document);
  return out;
}

Result<ConfigFile> open_config_file(Env& env, const std::string& path) {
  auto file = parse_config_file(env, path);
  if (!file.ok()) return file;
  const json::Value root = file->document.root();
  std::vector<std::string_view> names = product_names();
  names.insert(names.end(), section_names().begin(), section_names().end());
  for (std::size_t i = 0; i < root.size(); ++i) {
    const std::string name(root.key_at(i));
    if (!known(name, names)) return unknown(path, file->text, name, name, names);
  }
  return file;
}

Result<FileValues> read_config_file(Env& env, const std::string& path, std::string_view product) {
  FileValues out;
  const auto file = open_config_file(env, path);
  if (!file.ok()) return file.status();
  const std::string* text = &file->text;
  const json::Value root = file->document.root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    const std::string name(root.key_at(i));
    if (!known(name, product_names())) continue;
    const json::Value section = root.value_at(i);
    if (!section.is_object()) {
      return Status::error(ExitCode::usage, path + ":" + json::locate(*text, name) + ": \"" + name +
                                                "\" must be an object");
    }
    for (std::size_t k = 0; k < section.size(); ++k) {
      const std::string key(section.key_at(k));
      const std::string dotted = name + "." + key;
      if (!known(key, keys())) return unknown(path, *text, dotted, key, keys());
      const auto value = section.value_at(k).string();
      if (!value) {
        return Status::error(ExitCode::usage, path + ":" + json::locate(*text, dotted) + ": \"" +
                                                  dotted + "\" must be a string");
      }
      if (name == product) take(out, key, std::string(*value));
    }
    if (name != product) continue;
    const std::vector<ProductError> wrong = check_product(section);
    if (!wrong.empty()) return wrong_product(path, *text, name, wrong.front());
  }
  return out;
}

}  // namespace socbridge::profile
