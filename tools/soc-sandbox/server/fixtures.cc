// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/fixtures.h"

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "hash/base64.h"
#include "hash/digest.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kMaxData = std::size_t{16} << 20;

}  // namespace

Result<SocFacts> SocFacts::load(std::string_view defaults, const std::string& data_file) {
  SocFacts facts;
  auto own = json::Document::parse(defaults);
  if (!own.ok()) return own.status();
  facts.defaults_ = std::move(*own);
  std::string text = "{}";
  if (!data_file.empty()) {
    auto read = Env::real().read_file(data_file, kMaxData);
    if (!read.ok()) return Status::error(ExitCode::usage, read.status().message());
    text = std::move(*read);
  }
  json::ParseOptions options;
  options.comments = true;
  auto given = json::Document::parse(text, options);
  if (!given.ok() || !given->root().is_object()) {
    return Status::error(ExitCode::usage,
                         printable(data_file, 200) + ": " +
                             (given.ok() ? "must be one JSON object" : given.status().message()));
  }
  facts.given_ = std::move(*given);
  return facts;
}

json::Value SocFacts::operator[](std::string_view name) const {
  const json::Value given = given_.root()[name];
  return given ? given : defaults_.root()[name];
}

std::string SocFacts::text(std::string_view name) const { return (*this)[name].text(); }

bool SocFacts::denies(std::string_view permission) const {
  const json::Value list = (*this)["denied"];
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).string() == permission) return true;
  }
  return false;
}

bool has_bearer(const Request& request, const Secret& key) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!request.authorization.starts_with(kScheme)) return false;
  const std::string_view given = std::string_view(request.authorization).substr(kScheme.size());
  return !given.empty() && (key.empty() || given == key.reveal());
}

bool has_password(const Request& request, const Secret& password) {
  constexpr std::string_view kScheme = "Basic ";
  if (!request.authorization.starts_with(kScheme)) return false;
  const std::string both =
      from_base64(std::string_view(request.authorization).substr(kScheme.size())).value_or("");
  const std::size_t colon = both.find(':');
  if (colon == std::string::npos) return false;
  return password.empty() || std::string_view(both).substr(colon + 1) == password.reveal();
}

std::string new_key(std::string_view login) {
  static std::atomic<std::uint64_t> count{0};
  constexpr std::size_t kDigits = 32;
  return sha256_hex("sandbox_key_" + std::string(login) + std::to_string(++count) +
                    std::to_string(wall_now_ms()))
      .substr(0, kDigits);
}

Response key_response(std::string key) {
  return text_response(200, std::move(key), "text/plain; charset=UTF-8");
}

Response text_response(int status, std::string body, std::string content_type) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace socbridge::sandbox
