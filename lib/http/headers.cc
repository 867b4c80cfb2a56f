// SPDX-License-Identifier: Apache-2.0
#include "http/headers.h"

#include <algorithm>
#include <cstring>

#include "base/secret.h"

namespace socbridge::http {
namespace {

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool is_name(std::string_view name) {
  return !name.empty() && is_clean(name) && name.find_first_of(": \t") == std::string_view::npos;
}

}  // namespace

HeaderList::~HeaderList() {
  for (curl_slist* line = list_; line != nullptr; line = line->next) {
    secure_wipe(line->data, std::strlen(line->data));
  }
  curl_slist_free_all(list_);
}

bool HeaderList::add(std::string_view name, std::string_view before, std::string_view value) {
  if (!is_name(name) || !is_clean(value)) return false;
  std::string line;
  line.reserve(name.size() + before.size() + value.size() + 2);  // growth would copy the key
  line.append(name);
  // `Name;` makes libcurl send a header without a value; `Name:` would remove it.
  line.append(value.empty() && before.empty() ? ";" : ": ").append(before).append(value);
  const bool added = append(line.c_str());
  secure_wipe(line.data(), line.size());
  return added;
}

bool HeaderList::append(const char* line) {
  curl_slist* longer = curl_slist_append(list_, line);
  if (longer == nullptr) return false;
  list_ = longer;
  return true;
}

bool HeaderList::build(const Request& request, bool has_body) {
  for (const auto& [name, value] : request.headers) {
    if (!add(name, {}, value)) return false;
  }
  if (!request.bearer.empty() && !add("Authorization", "Bearer ", request.bearer.reveal()))
    return false;
  if (!has_body) return true;
  // Without a type libcurl would call the body a web form. For a form libcurl sets the type,
  // because it knows the boundary.
  bool typed = true;
  if (request.form.empty()) {
    typed = request.content_type.empty() ? append("Content-Type:")
                                         : add("Content-Type", {}, request.content_type);
  }
  return typed && append("Expect:");  // waiting for `100 Continue` costs a round trip
}

}  // namespace socbridge::http
