// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "hash/digest.h"
#include "json/value.h"
#include "json/writer.h"
#include "spool/spool.h"

namespace socbridge::spool {
namespace {

constexpr std::string_view kMagic = "socbridge-spool 1\n";
constexpr std::string_view kTrailer = "\nsha256 ";
constexpr std::size_t kDigest = 64;
constexpr std::size_t kTrailerSize = kTrailer.size() + kDigest + 1;

Status damaged(const char* why) {
  return Status::error(ExitCode::bad_input, std::string("damaged spool entry: ") + why);
}

}  // namespace

std::string encode(const Entry& entry) {
  json::Writer w;
  w.begin_object();
  // First, so that it can be read without the rest.
  if (!entry.destination.empty()) w.member("destination", entry.destination);
  w.member("integration", entry.integration);
  w.member("hook_url", entry.hook_url);
  w.member("options", entry.options);
  w.member("accepted_ms", static_cast<std::int64_t>(entry.accepted_ms));
  w.member("length", static_cast<std::uint64_t>(entry.alert.size()));
  w.end_object();
  std::string out(kMagic);
  out.reserve(entry.alert.size() + w.text().size() + kMagic.size() + kTrailerSize + 1);
  out += std::move(w).take();
  out += '\n';
  out += entry.alert;
  const std::string digest = sha256_hex(out);
  out += kTrailer;
  out += digest;
  out += '\n';
  return out;
}

Result<Entry> decode(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return damaged("no magic line of a known version");
  if (bytes.size() < kMagic.size() + kTrailerSize) return damaged("truncated");
  const std::string_view body = bytes.substr(0, bytes.size() - kTrailerSize);
  const std::string_view trailer = bytes.substr(body.size());
  if (!trailer.starts_with(kTrailer) || trailer.back() != '\n' ||
      trailer.substr(kTrailer.size(), kDigest) != sha256_hex(body)) {
    return damaged("the checksum does not match");
  }
  const std::size_t line = body.find('\n', kMagic.size());
  if (line == std::string_view::npos) return damaged("no header");
  const auto header = json::Document::parse(body.substr(kMagic.size(), line - kMagic.size()));
  if (!header.ok() || !header->root().is_object()) return damaged("the header is not JSON");
  const json::Value root = header->root();
  const auto length = root["length"].integer();
  const std::string_view alert = body.substr(line + 1);
  if (!length || static_cast<std::size_t>(*length) != alert.size()) {
    return damaged("the length does not match");
  }
  Entry entry;
  entry.integration = root["integration"].string_text();
  entry.hook_url = root["hook_url"].string_text();
  entry.options = root["options"].string_text();
  entry.accepted_ms = root["accepted_ms"].integer().value_or(0);
  entry.alert = std::string(alert);
  entry.destination = root["destination"].string_text();
  return entry;
}

std::optional<std::string> destination_of(std::string_view first_bytes) {
  static constexpr std::string_view kMember = "{\"destination\":\"";
  if (!first_bytes.starts_with(kMagic)) return {};
  std::string_view header = first_bytes.substr(kMagic.size());
  if (!header.starts_with(kMember)) return std::string();
  header.remove_prefix(kMember.size());
  const std::size_t end = header.find('"');
  if (end == std::string_view::npos) return {};
  return std::string(header.substr(0, end));
}

}  // namespace socbridge::spool
