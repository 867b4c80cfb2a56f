// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/key_file.h"
#include "config/settings.h"

namespace socbridge::integration {

// Readers of the keys that say where TheHive is; what is wrong is added to `errors` (usage, with
// its place in the file).

// "file:line:column" of a key.
std::string place_of(const config::Settings& values, std::string_view key);

// Keys at the top, or those of a destination.
struct Keys {
  Keys(const config::Settings& of) : values(of) {}  // NOLINT(google-explicit-constructor)
  Keys(const config::Settings& of, std::string_view destination);

  const config::Settings& values;
  std::string path;  // to a key, for people: "destinations.acme."
};

// "file:line:column: path of the key" and what is wrong with it.
Status error_of(const Keys& keys, std::string_view key, const std::string& what,
                std::string hint = {});

// The path itself if it is absolute or empty, else below the Wazuh home.
std::string below(const std::string& home, std::string path);

// `api_key`, else what was handed over: the key, or that of the file it names, which is then in
// `key_file`.
Secret read_api_key(const Keys& keys, const Secret& handed_over, const config::KeyFileRules& rules,
                    std::string& key_file, std::vector<Status>& errors);

// `url`, else `otherwise`, which is called `origin` in errors; "" if neither is a URL.
struct UrlSource {
  std::string url, origin;
};
std::string read_url(const Keys& keys, const UrlSource& otherwise, std::vector<Status>& errors);

// `organisation`; "" if it is a template, which is an error.
std::string read_organisation(const Keys& keys, std::vector<Status>& errors);

// `proxy`; "" if it holds a login, which is an error.
std::string read_proxy(const Keys& keys, std::vector<Status>& errors);

}  // namespace socbridge::integration
