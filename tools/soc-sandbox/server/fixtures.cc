// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/fixtures.h"

#include <utility>

#include "base/env.h"
#include "base/text.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kMaxData = std::size_t{16} << 20;

std::string decode_base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr unsigned kDigitBits = 6, kByteBits = 8, kByteMask = 0xFF;
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = kDigits.find(c);
    if (value == std::string_view::npos) break;
    bits = bits << kDigitBits | static_cast<std::uint32_t>(value);
    count += kDigitBits;
    if (count < kByteBits) continue;
    count -= kByteBits;
    out += static_cast<char>(bits >> count & kByteMask);
  }
  return out;
}

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

std::string SocFacts::text(std::string_view name) const {
  return (*this)[name].scalar_text().value_or("");
}

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
      decode_base64(std::string_view(request.authorization).substr(kScheme.size()));
  const std::size_t colon = both.find(':');
  if (colon == std::string::npos) return false;
  return password.empty() || std::string_view(both).substr(colon + 1) == password.reveal();
}

Response text_response(int status, std::string body, std::string content_type) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace socbridge::sandbox
