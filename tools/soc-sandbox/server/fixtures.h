// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"
#include "soc-sandbox/server/product.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

// The data of one of the smaller products: a JSON object of defaults, whose top-level members are
// replaced by those of `--data NAME=FILE`. docs/sandbox.md describes the members.
class SocFacts {
 public:
  // Errors: usage if the file cannot be read or is not a JSON object.
  static Result<SocFacts> load(std::string_view defaults, const std::string& data_file);

  json::Value operator[](std::string_view name) const;
  std::string text(std::string_view name) const;
  // True if `denied` has the permission.
  bool denies(std::string_view permission) const;

 private:
  json::Document defaults_, given_;
};

// True for `Bearer KEY`; an empty key accepts any.
bool has_bearer(const Request& request, const Secret& key);
// True for `Basic` with this password and any user; an empty password accepts any.
bool has_password(const Request& request, const Secret& password);

// As long as a key of TheHive or Cortex, and never the same twice.
std::string new_key(std::string_view login);
// What those products answer to a question for a key.
Response key_response(std::string key);

Response text_response(int status, std::string body, std::string content_type = "text/plain");

}  // namespace socbridge::sandbox
