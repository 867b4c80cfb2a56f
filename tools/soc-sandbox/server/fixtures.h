// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"
#include "soc-sandbox/server/product.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

// What one of the smaller products knows: a JSON object of its defaults, and over it the one of
// `--data NAME=FILE`, member by member at the top. docs/sandbox.md has the members.
class SocFacts {
 public:
  // Errors: the file cannot be read or is no JSON object (usage).
  static Result<SocFacts> load(std::string_view defaults, const std::string& data_file);

  json::Value operator[](std::string_view name) const;
  std::string text(std::string_view name) const;
  // True if `denied` names the permission.
  bool denies(std::string_view permission) const;

 private:
  json::Document defaults_, given_;
};

// True for `Bearer KEY`; an empty key means any.
bool has_bearer(const Request& request, const Secret& key);
// True for `Basic` with this password, whatever the user; an empty password means any.
bool has_password(const Request& request, const Secret& password);

// As long as a key of TheHive or Cortex, and never the same twice.
std::string new_key(std::string_view login);
// What those products answer to a question for a key.
Response key_response(std::string key);

Response text_response(int status, std::string body, std::string content_type = "text/plain");

}  // namespace socbridge::sandbox
