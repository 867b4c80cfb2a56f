// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/key_file.h"
#include "config/settings.h"

namespace socbridge::integration {

// Readers of the keys that locate TheHive. Errors are appended to `errors` (usage, with their
// position in the file).

// "file:line:column" of a key.
std::string place_of(const config::Settings& values, std::string_view key);

// Top-level keys, or those of a destination.
struct Keys {
  Keys(const config::Settings& of) : values(of) {}  // NOLINT(google-explicit-constructor)
  Keys(const config::Settings& of, std::string_view destination);

  const config::Settings& values;
  std::string path;  // prefix of a key for people: "destinations.acme."
};

// "file:line:column: path of the key", followed by `what`.
Status error_of(const Keys& keys, std::string_view key, const std::string& what,
                std::string hint = {});

// The path itself if it is absolute or empty; otherwise relative to the Wazuh home.
std::string below(const std::string& home, std::string path);

// `api_key`, else `argument_key`: the key itself, or that in the file it names, whose path is then
// stored in `key_file`.
Secret read_api_key(const Keys& keys, const Secret& argument_key, const config::KeyFileRules& rules,
                    std::string& key_file, std::vector<Status>& errors);

// `url`, else `otherwise`, whose name in errors is `origin`; "" if neither is a URL.
struct UrlSource {
  std::string url, origin;
};
std::string read_url(const Keys& keys, const UrlSource& otherwise, std::vector<Status>& errors);

// `organisation`; "" after the error for a template.
std::string read_organisation(const Keys& keys, std::vector<Status>& errors);

// `proxy`; "" after the error for a login.
std::string read_proxy(const Keys& keys, std::vector<Status>& errors);

}  // namespace socbridge::integration
