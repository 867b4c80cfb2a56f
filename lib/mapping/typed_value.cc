// SPDX-License-Identifier: Apache-2.0
#include "mapping/typed_value.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "observable/names.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

using observable::ascii_name;
using observable::ascii_url;
using observable::IpAddress;
using observable::IpScope;
using observable::is_placeholder;
using observable::NameKind;
using observable::parse_domain;
using observable::parse_hash;
using observable::parse_ip;
using observable::parse_mail;
using observable::parse_url;

TypedValue found(std::string_view type, std::string value) {
  TypedValue c;
  c.type = type;
  c.value = std::move(value);
  return c;
}

TypedValue dropped(const char* why) {
  TypedValue c;
  c.dropped = why;
  return c;
}

TypedValue ip(const IpAddress& address) {
  if (address.scope == IpScope::useless) return dropped("loopback, link-local or reserved address");
  TypedValue c = found("ip", address.text);
  c.private_address = address.scope == IpScope::private_use;
  return c;
}

bool is_file_like_host(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '\\' || c == '"' || c == '<' ||
           c == ':' || c == '@' || c == ',' || c == '|';
  });
}

TypedValue single_label(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  if (is_file_like_host(text) || text.size() > kLongest) return dropped("not a host name");
  TypedValue c = found("hostname", std::string(text));
  if (is_guid(text)) c.noise = Noise::guids;
  if (is_number_or_flag(text)) c.noise = Noise::numbers;
  return c;
}

// `98:5A:EB:E1:81:2F`, also with hyphens.
bool is_mac(std::string_view text) {
  constexpr std::size_t kSize = 17, kGroup = 3;
  if (text.size() != kSize) return false;
  for (std::size_t i = 0; i < kSize; ++i) {
    const bool between = i % kGroup == kGroup - 1;
    if (between ? text[i] != text[2] || (text[i] != ':' && text[i] != '-')
                : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return false;
  }
  return true;
}

TypedValue name(std::string_view type, std::string_view text) {
  if (const auto address = parse_ip(text)) return ip(*address);
  if (is_mac(text)) return classify("mac", text);
  if (istarts_with(text, "SSH-2.0-")) return dropped("an SSH banner");
  text = observable::without_port(text);
  if (iequals(text, "localhost")) return dropped("the machine itself");
  const auto domain = parse_domain(text);
  const bool dns = type == "domain" || type == "fqdn";
  if (!domain) return dns ? dropped("not a domain name") : single_label(text);
  TypedValue c = found(type == "hostname" ? "hostname" : "domain", ascii_name(*domain));
  const NameKind kind = observable::name_kind(c.value);
  if (observable::is_reverse_name(c.value)) {
    c.noise = Noise::reverse_dns;
  } else if (is_cloud_service(c.value)) {
    c.noise = Noise::cloud_services;
  } else if (kind == NameKind::private_name) {
    c.type = "hostname";
    if (dns) c.noise = Noise::private_names;
  } else if (kind == NameKind::file_name && dns) {
    c = found("filename", std::string(text));
  }
  return c;
}

TypedValue url(std::string_view text) {
  if (const auto absolute = parse_url(text)) return found("url", ascii_url(*absolute));
  if (text.front() == '/') {
    if (text == "/" || text.starts_with("//")) return dropped("not a useful path");
    return found("uri_path", std::string(text));
  }
  // A proxy's CONNECT has host:port.
  if (text.find_first_of(" /?") == std::string_view::npos) return name("domain", text);
  return dropped("neither a URL nor a path");
}

std::string ascii_mail(const std::string& address) {
  const std::size_t at = address.rfind('@') + 1;
  return address.substr(0, at) + ascii_name(address.substr(at));
}

TypedValue mail(std::string_view text, bool or_user) {
  if (const auto address = parse_mail(text)) {
    // Office 365 uses such addresses for its own services.
    if (address->ends_with("@sharepoint.com")) return dropped("a service account");
    return found("mail", ascii_mail(*address));
  }
  if (or_user) return classify("username", text);
  return dropped("not a mail address");
}

TypedValue username(std::string_view text) {
  // `root(uid=0)`
  if (const std::size_t uid = text.find("(uid="); uid != std::string_view::npos) {
    text = trim(text.substr(0, uid));
  }
  constexpr std::size_t kLongest = 256;
  if (text.empty() || text.size() > kLongest) return dropped("not a user name");
  TypedValue c = found("username", std::string(text));
  c.noise = account_noise(text);
  return c;
}

TypedValue text_of(std::string_view type, std::string_view text) {
  TypedValue c = found(type, std::string(text));
  if (type == "filename" && is_number_or_flag(text)) c.noise = Noise::numbers;
  if (type == "user-agent" && is_cloud_service(text)) c.noise = Noise::cloud_services;
  return c;
}

TypedValue registry(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kRoots = {
      "HKLM\\", "HKU\\", "HKCU\\", "HKCR\\", "HKEY_", "HKCC\\", "\\REGISTRY\\"};
  const bool key = std::any_of(kRoots.begin(), kRoots.end(),
                               [&](std::string_view root) { return istarts_with(text, root); });
  return key ? found("registry", std::string(text)) : dropped("not a registry key");
}

TypedValue mac(std::string_view text) {
  std::string digits;
  for (const char c : ascii_lower(text)) {
    if (c == ':' || c == '-' || c == '.') continue;
    if (std::string_view("0123456789abcdef").find(c) == std::string_view::npos) {
      return dropped("not a MAC address");
    }
    digits += c;
  }
  constexpr std::size_t kDigits = 12;
  if (digits.size() != kDigits || digits.find_first_not_of('0') == std::string::npos ||
      digits.find_first_not_of('f') == std::string::npos) {
    return dropped("not a MAC address of a machine");
  }
  std::string out;
  for (std::size_t i = 0; i < kDigits; i += 2) out += (i == 0 ? "" : ":") + digits.substr(i, 2);
  return found("other", std::move(out));
}

TypedValue automatic(std::string_view text) {
  if (const auto address = parse_ip(text)) return ip(*address);
  if (auto hash = parse_hash(text)) return found("hash", std::move(*hash));
  if (const auto link = parse_url(text)) return found("url", ascii_url(*link));
  if (const auto address = parse_mail(text)) return found("mail", ascii_mail(*address));
  if (parse_domain(text)) return name("domain", text);
  return found("other", std::string(text));
}

}  // namespace

TypedValue classify(std::string_view type, std::string_view raw) {
  const std::string_view text = trim(raw);
  if (is_placeholder(text)) return dropped("a placeholder");
  if (type == "ip") {
    if (const auto address = parse_ip(text)) return ip(*address);
    return name("domain", text);  // sshd with UseDNS, AWS service names
  }
  if (type == "hash") {
    if (auto hash = parse_hash(text)) return found("hash", std::move(*hash));
    return dropped("not a hash, or that of an empty file");
  }
  if (type == "url") return url(text);
  if (type == "domain" || type == "hostname" || type == "fqdn" || type == "host")
    return name(type, text);
  if (type == "mail") return mail(text, false);
  if (type == "mail_or_user") return mail(text, true);
  if (type == "username") return username(text);
  if (type == "registry") return registry(text);
  if (type == "registry_or_file") {
    return istarts_with(text, "HKEY_") ? registry(text) : found("filename", std::string(text));
  }
  if (type == "mac") return mac(text);
  if (type == "auto") return automatic(text);
  return text_of(type, text);  // filename, user-agent, uri_path, other and the platform's own
}

}  // namespace socbridge::mapping
