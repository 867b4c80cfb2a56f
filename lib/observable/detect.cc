// SPDX-License-Identifier: Apache-2.0
#include "observable/detect.h"

#include <libpsl.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "base/env.h"
#include "base/text.h"
#include "observable/names.h"
#include "observable/refang.h"

namespace socbridge::observable {
namespace {

constexpr std::size_t kLongest = 4096;  // limit of text observables in TheHive and Cortex

Observable make(std::string type, std::string value) { return {std::move(type), std::move(value)}; }

std::optional<Observable> as_ip(std::string_view text) {
  constexpr std::uint64_t kBits4 = 32, kBits6 = 128;
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  Observable found = make("ip", address->text);
  found.private_address = address->scope != IpScope::global;
  if (slash == std::string_view::npos) return found;
  const auto bits = parse_u64(text.substr(slash + 1));
  if (!bits || *bits > (address->text.find(':') == std::string::npos ? kBits4 : kBits6))
    return std::nullopt;
  found.value += "/" + std::to_string(*bits);
  return found;
}

std::optional<Observable> as_name(std::string_view text) {
  if (const std::size_t colon = text.rfind(':');
      colon != std::string_view::npos && parse_u64(text.substr(colon + 1)))
    text = text.substr(0, colon);
  const auto name = parse_domain(text);
  if (!name) return std::nullopt;
  std::string ascii = ascii_name(*name);
  const bool file = name_kind(ascii) == NameKind::file_name;
  const char* type = file ? "filename" : name_type(ascii);
  return make(type, std::move(ascii));
}

std::optional<Observable> as_url(std::string_view text) {
  if (const auto url = parse_url(text)) return make("url", ascii_url(*url));
  const std::size_t slash = text.find_first_of("/?");
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const std::string_view host = text.substr(0, slash);
  if (host.find('@') != std::string_view::npos || (!as_name(host) && !parse_ip(host)))
    return std::nullopt;
  if (const auto url = parse_url("http://" + std::string(text)))
    return make("url", ascii_url(*url));
  return std::nullopt;
}

std::optional<Observable> as_mail(std::string_view text) {
  const auto mail = parse_mail(text);
  if (!mail) return std::nullopt;
  const std::size_t at = mail->rfind('@') + 1;
  return make("mail", mail->substr(0, at) + ascii_name(mail->substr(at)));
}

std::optional<Observable> as_hash(std::string_view text) {
  auto hash = normalise_hash(text);
  if (!hash) return std::nullopt;
  return make("hash", std::move(*hash));
}

std::optional<Observable> by_content(std::string_view plain) {
  if (auto found = as_ip(plain)) return found;
  if (auto found = as_hash(plain)) return found;
  if (auto found = as_url(plain)) return found;
  if (auto found = as_mail(plain)) return found;
  return as_name(plain);
}

// Detection must be idempotent: a resumed batch, a report that is looked up by value, and TheHive
// must not see two spellings of one observable. Refanging or converting a name to ASCII can leave a
// text that reads differently, so it is repeated until the value no longer changes.
std::optional<Observable> settled(std::string_view raw,
                                  std::optional<Observable> (*read)(std::string_view)) {
  constexpr int kRounds = 8;
  std::string plain = refang(raw);
  for (int round = 0; round < kRounds; ++round) {
    const auto found = read(plain);
    if (!found || !is_valid_utf8(found->value)) return std::nullopt;
    std::string again = refang(found->value);
    if (again == found->value) {
      const auto same = read(again);
      if (same && same->type == found->type && same->value == found->value) return found;
    }
    plain = std::move(again);
  }
  return std::nullopt;
}

Result<Observable> as_file(const std::string& path) {
  const auto info = Env::real().stat(path);
  if (!info.ok()) return Status::error(ExitCode::usage, info.status().message());
  if (!info->is_file()) return Status::error(ExitCode::usage, printable(path) + " is not a file");
  return make("file", path);
}

Status nothing() {
  return Status::error(ExitCode::bad_input, "an empty value is not an observable");
}

Status too_long() {
  return Status::error(ExitCode::bad_input, "a value longer than " + std::to_string(kLongest) +
                                                " bytes is not an observable");
}

}  // namespace

const char* name_type(const std::string& name) {
  const psl_ctx_t* list = psl_builtin();
  const char* registered = list == nullptr ? nullptr : psl_registrable_domain(list, name.c_str());
  return registered == nullptr || name == registered ? "domain" : "fqdn";
}

Result<Observable> detect(std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.empty()) return nothing();
  if (text.size() > kLongest) return too_long();
  if (text.front() == '@' && text.size() > 1) return as_file(std::string(text.substr(1)));
  if (text.starts_with("./") || text.starts_with("../") || text.starts_with('/')) {
    auto file = as_file(std::string(text));
    if (file.ok()) return file;
  }
  if (refang(text).empty()) return nothing();
  if (auto found = settled(text, by_content)) return *found;
  return make("other", repair_utf8(text));
}

Result<Observable> read_as(std::string_view type, std::string_view raw) {
  if (type == "auto" || type.empty()) return detect(raw);
  const std::string_view text = trim(raw);
  if (text.empty()) return nothing();
  if (text.size() > kLongest) return too_long();
  if (type == "file") return as_file(std::string(text.substr(text.front() == '@' ? 1 : 0)));
  std::optional<Observable> found;
  if (type == "ip") {
    found = settled(text, as_ip);
  } else if (type == "hash") {
    found = settled(text, as_hash);
  } else if (type == "url") {
    found = settled(text, as_url);
  } else if (type == "mail") {
    found = settled(text, as_mail);
  } else if (type == "domain" || type == "fqdn") {
    found = settled(text, as_name);
    if (found) found->type = type;
  } else {
    return make(std::string(type), repair_utf8(text));
  }
  if (found) return *found;
  return Status::error(ExitCode::bad_input,
                       "\"" + printable(text, 80) + "\" is not a valid " + std::string(type),
                       "omit --type to detect the type");
}

}  // namespace socbridge::observable
