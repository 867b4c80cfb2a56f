// SPDX-License-Identifier: Apache-2.0
#include "mapping/composite.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "mapping/noise.h"
#include "mapping/pieces.h"
#include "observable/names.h"
#include "observable/refang.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

using observable::normalise_hash;
using observable::parse_domain;
using observable::parse_ip;
using observable::parse_mail;
using observable::parse_url;
using Parts = std::vector<Part>;

constexpr std::size_t kMost = 1000;
constexpr std::size_t kPadded = 15;  // longest IPv4 address, with all zeros
constexpr auto kNone = std::string_view::npos;

// `scheme://user@host:port/…`; empty if there is no scheme.
std::string_view host_of(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == kNone || mark == 0) return {};
  const auto in_scheme = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark), in_scheme))
    return {};
  const std::string_view rest = text.substr(mark + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t user = authority.rfind('@');
  return user == kNone ? authority : authority.substr(user + 1);
}

bool is_path(std::string_view text) {
  const bool drive = text.size() > 2 && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
                     text[1] == ':' && (text[2] == '\\' || text[2] == '/');
  return drive || text.starts_with("\\\\");
}

// `203.000.113.009`: three digits in each part, so that the zeros do not mean octal.
std::string without_zeros(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  if (text.size() != kPadded) return {};
  std::string out;
  for (std::string_view part : split(text, '.')) {
    if (part.size() != kDigits || !parse_u64(part)) return {};
    out += (out.empty() ? "" : ".") + std::to_string(*parse_u64(part));
  }
  return out;
}

void add_colon_parts(std::string_view text, Parts& out) {
  bool address = false;
  pieces(text, ":", Quotes::ignored, [&](std::string_view piece) {
    const std::size_t slash = piece.find('/');
    const std::string_view bare = piece.substr(0, slash);
    if (bare.find('.') == kNone) return;
    if (parse_ip(bare)) {
      out.push_back({"ip", std::string(bare)});
      address = true;
    } else if (address && parse_domain(bare)) {
      out.push_back({"host", std::string(bare)});
    }
  });
  if (!address) out.clear();
}

// An address with the values around it; empty if there is none.
Parts address_of(std::string_view text) {
  if (parse_ip(text)) return {{"ip", std::string(text)}};
  if (const std::string padded = without_zeros(text); parse_ip(padded)) return {{"ip", padded}};
  if (const auto bare = before_port(text); !bare.empty() && parse_ip(bare)) {
    return {{"ip", std::string(bare)}};
  }
  if (is_defanged(text)) {
    std::string plain = observable::refang(text);
    if (parse_ip(plain)) return {{"ip", std::move(plain)}};
  }
  if (const auto host = host_of(text); !host.empty()) return {{"host", std::string(host)}};
  const std::size_t at = text.rfind('@');
  if (at != kNone && at > 0 && parse_ip(text.substr(at + 1))) {
    return {{"ip", std::string(text.substr(at + 1))},
            {"username", std::string(text.substr(0, at))}};
  }
  Parts out;
  if (text.find(':') != kNone && text.find('.') != kNone) add_colon_parts(text, out);
  return out;
}

Parts ip_parts(std::string_view text) {
  if (parse_ip(text)) return {{"ip", std::string(text)}};
  Parts out;
  std::size_t count = 0;
  pieces(text, ",; \t\r\n|()\"'", Quotes::ignored, [&](std::string_view piece) {
    if (++count > kMost) return;
    for (Part& part : address_of(piece)) out.push_back(std::move(part));
  });
  if (out.empty()) out.push_back({"ip", std::string(text)});
  return out;
}

Parts hash_parts(std::string_view text) {
  if (normalise_hash(text)) return {{"hash", std::string(text)}};
  Parts out;
  pieces(text, ",; |\t\r\n", Quotes::ignored, [&](std::string_view piece) {
    if (out.size() < kMost && normalise_hash(piece)) out.push_back({"hash", std::string(piece)});
  });
  if (out.empty()) out.push_back({"hash", std::string(text)});
  return out;
}

Parts mail_parts(std::string_view type, std::string_view text) {
  Parts out;
  pieces(text, ",;\r\n", Quotes::kept, [&](std::string_view piece) {
    if (out.size() >= kMost || piece.find('@') == kNone) return;
    std::string plain(piece);
    if (is_defanged(plain)) plain = observable::refang(plain);
    if (parse_mail(plain)) out.push_back({type, std::move(plain)});
  });
  if (out.empty()) out.push_back({type, std::string(text)});
  return out;
}

// `GET /a HTTP/1.1`, `GET http://host/a`: the text after the method.
std::string_view request_target(std::string_view text) {
  const std::size_t first = text.find(' ');
  if (first == kNone) return text;
  std::size_t last = text.rfind(" HTTP/");
  if (last == kNone) last = text.find(' ', first + 1) == kNone ? text.size() : first;
  if (last <= first) return text;
  const std::string_view method = text.substr(0, first);
  const bool upper = std::all_of(method.begin(), method.end(), [](char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0;
  });
  return upper ? trim(text.substr(first + 1, last - first - 1)) : text;
}

// `file:///C:/a`: the path.
std::string file_path(std::string_view url) {
  const std::string_view path = url.substr(7);
  return std::string(path.starts_with('/') && is_path(path.substr(1)) ? path.substr(1) : path);
}

// `198.51.100.1:http://host/a` (Cisco ASA): the text after the address.
std::string_view behind_address(std::string_view text) {
  const std::size_t mark = text.find(":http");
  return mark != kNone && parse_ip(text.substr(0, mark)) ? text.substr(mark + 1) : text;
}

Part one_url(std::string_view given) {
  std::string text(behind_address(request_target(given)));
  if (parse_url(text)) return {"url", std::move(text)};
  if (is_defanged(text)) text = observable::refang(text);
  if (parse_url(text)) return {"url", std::move(text)};
  if (istarts_with(text, "mailto:")) return {"mail", text.substr(7)};
  if (is_path(text)) return {"filename", std::move(text)};
  if (istarts_with(text, "file://")) return {"filename", file_path(text)};
  if (const auto host = host_of(text); !host.empty()) return {"host", std::string(host)};
  if (lacks_scheme(text)) return {"url", "http://" + text, true};
  return {"url", std::move(text)};
}

Parts url_parts(std::string_view text) {
  Parts out;
  std::size_t begin = 0;
  // A comma may be part of a URL: it ends one only if another begins after it.
  for (std::size_t i = 0; i <= text.size() && out.size() < kMost; ++i) {
    const bool end = i == text.size();
    if (!end && std::string_view(",;\n").find(text[i]) == kNone) continue;
    const std::string_view next = end ? std::string_view() : trim(text.substr(i + 1));
    if (!end && text[i] != '\n' && !istarts_with(next, "http") && !istarts_with(next, "ftp")) {
      continue;
    }
    const std::string_view piece = trim(text.substr(begin, i - begin));
    if (!piece.empty()) out.push_back(one_url(piece));
    begin = i + 1;
  }
  if (out.empty()) out.push_back({"url", std::string(text)});
  return out;
}

std::string_view unquoted(std::string_view text) {
  for (const char quote : {'"', '\''}) {
    if (text.size() > 1 && text.front() == quote && text.back() == quote)
      return trim(text.substr(1, text.size() - 2));
  }
  return text;
}

std::string single_backslashes(std::string_view text) {
  std::string out(text.substr(0, 1));
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '\\' || text[i - 1] != '\\' || i == 1) out += text[i];
  }
  return out;
}

// The user in `arn:aws:iam::1:user/x` and `arn:aws:sts::1:assumed-role/Role/x`; else empty.
std::string_view arn_user(std::string_view arn) {
  for (const std::string_view kind : {":user/", ":assumed-role/", ":federated-user/"}) {
    if (arn.find(kind) != kNone) return arn.substr(arn.rfind('/') + 1);
  }
  return {};
}

// `uid=ana,ou=people,dc=example`: the name of the entry.
std::string_view entry_name(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t comma = text.find(',');
  if (equals == kNone || comma == kNone || comma < equals) return {};
  if (text.find('=', comma) == kNone) return {};
  const std::string_view key = text.substr(0, equals);
  const bool named = iequals(key, "uid") || iequals(key, "cn") || iequals(key, "samaccountname");
  return named ? trim(text.substr(equals + 1, comma - equals - 1)) : std::string_view();
}

Parts user_at_host(std::string_view text, std::size_t at) {
  const std::string_view user = text.substr(0, at), host = text.substr(at + 1);
  if (parse_ip(host)) return {{"username", std::string(user)}, {"ip", std::string(host)}};
  if (const auto mail = parse_mail(text)) {
    const std::string name = observable::ascii_name(mail->substr(mail->rfind('@') + 1));
    const auto kind = observable::name_kind(name);
    const bool is_public = kind == observable::NameKind::public_name;
    return {{is_public ? "mail" : "username", std::string(text)}};
  }
  const bool label = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
  });
  if (label && user.find(' ') == kNone) {
    return {{"username", std::string(user)}, {"host", std::string(host)}};
  }
  return {{"username", std::string(text)}};
}

Parts user_parts(std::string_view given) {
  std::string_view text = unquoted(given);
  if (text.starts_with(".\\")) text.remove_prefix(2);
  if (istarts_with(text, "arn:")) {
    const auto user = arn_user(text);
    return user.empty() ? Parts() : Parts{{"username", std::string(user)}};
  }
  if (const auto name = entry_name(text); !name.empty()) return {{"username", std::string(name)}};
  const std::size_t at = text.rfind('@');
  if (at != kNone && at > 0 && text.find('\\') == kNone) return user_at_host(text, at);
  if (text.find("\\\\") != kNone) return {{"username", single_backslashes(text)}};
  return {{"username", std::string(text)}};
}

// Defender: `file:_C:\a.exe; webfile:_C:\a.exe|https://…|pid:1,ProcessStart:2`.
Parts defender_parts(std::string_view text) {
  Parts out;
  pieces(text, ";", Quotes::ignored, [&](std::string_view resource) {
    const std::size_t mark = resource.find(":_");
    if (mark == kNone || out.size() >= kMost) return;
    const std::string_view kind = resource.substr(0, mark);
    const bool registry = istarts_with(kind, "reg");
    const bool file = kind.ends_with("file") || iequals(kind, "startup");
    pieces(resource.substr(mark + 2), "|", Quotes::ignored, [&](std::string_view piece) {
      if (parse_url(piece)) {
        out.push_back({"url", std::string(piece)});
      } else if (registry) {
        out.push_back({"registry", std::string(piece)});
      } else if (file && (is_path(piece) || piece.front() == '/')) {
        out.push_back({"filename", std::string(piece)});
      }
    });
  });
  return out;
}

bool is_defender(std::string_view text) {
  const std::size_t mark = text.find(":_");
  return mark != kNone && mark > 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark),
                     [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

Parts file_parts(std::string_view text) {
  if (text.find("://") != kNone || is_defanged(text)) {
    Part url = one_url(text);
    if (parse_url(url.text)) return {std::move(url)};
  }
  if (is_defender(text)) {
    Parts resources = defender_parts(text);
    if (!resources.empty()) return resources;
  }
  if (const std::size_t bar = text.find('|'); bar != kNone) {
    const std::string_view file = trim(text.substr(0, bar)), hash = trim(text.substr(bar + 1));
    if (!file.empty() && normalise_hash(hash)) {
      return {{"filename", std::string(file)}, {"hash", std::string(hash)}};
    }
  }
  Parts out;
  pieces(text, "\r\n", Quotes::ignored, [&](std::string_view line) {
    if (out.size() >= kMost) return;
    const bool doubled = line.size() > 3 && line.substr(1).starts_with(":\\\\");
    out.push_back(
        {"filename", doubled ? single_backslashes(unquoted(line)) : std::string(unquoted(line))});
  });
  return out;
}

// The program of a command line.
Parts command_parts(std::string_view text) {
  if (text.starts_with("\\??\\")) text.remove_prefix(4);
  if (text.starts_with('"')) {
    const std::size_t close = text.find('"', 1);
    if (close != kNone && close > 1) return {{"filename", std::string(text.substr(1, close - 1))}};
  }
  const std::string lower = ascii_lower(text);
  std::size_t cut = text.size();
  for (const std::string_view end :
       {".exe", ".sys", ".dll", ".bat", ".cmd", ".ps1", ".com", ".scr", ".vbs"}) {
    const std::size_t at = lower.find(std::string(end) + " ");
    if (at != std::string::npos) cut = std::min(cut, at + end.size());
  }
  return file_parts(text.substr(0, cut));
}

Parts name_parts(std::string_view type, std::string_view text) {
  if (text.find("://") != kNone || (text.find('/') != kNone && lacks_scheme(text))) {
    return url_parts(text);
  }
  if (text.find('@') != kNone && parse_mail(text)) return {{"mail", std::string(text)}};
  Parts out;
  pieces(text, ",;\r\n", Quotes::ignored, [&](std::string_view piece) {
    if (out.size() >= kMost) return;
    if (is_defanged(piece)) {
      out.push_back({type, observable::refang(piece)});
    } else if (const std::string_view bare = before_port(piece); !bare.empty()) {
      out.push_back({parse_ip(bare) ? "ip" : type, std::string(bare)});
    } else {
      out.push_back({type, std::string(piece)});
    }
  });
  return out;
}

// `hxxp`, `fxp`: a cheap test, as almost no text has an `x` there.
bool is_scheme_defanged(std::string_view text) {
  if (text.size() < 3 || (text[1] != 'x' && text[1] != 'X')) return false;
  return istarts_with(text, "hxx") || istarts_with(text, "fxp");
}

// Characters that do not separate, quote, escape or defang.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789._-"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();

}  // namespace

// `192.0.2.1/32` is an address, `192.0.2.1/443` an address with a port, `192.0.2.0/24` a network.
std::string_view before_port(std::string_view text) {
  const bool closed = text.ends_with(')');
  const std::size_t mark = closed ? text.rfind('(') : std::min(text.find('/'), text.find('#'));
  if (mark == kNone || mark == 0) return {};
  const auto number = parse_u64(text.substr(mark + 1, text.size() - mark - 1 - (closed ? 1 : 0)));
  const std::string_view host = text.substr(0, mark);
  constexpr std::uint64_t kBits4 = 32, kBits6 = 128, kPorts = 65535;
  if (!number || *number > kPorts) return {};
  const bool v6 = std::count(host.begin(), host.end(), ':') > 1;
  const bool network = text[mark] == '/' && *number < (v6 ? kBits6 : kBits4);
  return network ? std::string_view() : host;
}

bool lacks_scheme(std::string_view text) {
  const std::size_t slash = text.find_first_of("/?");
  if (slash == kNone || slash == 0) return false;
  const std::string_view host = text.substr(0, slash);
  return parse_ip(host) || observable::is_public_domain(observable::without_port(host));
}

bool is_defanged(std::string_view text) {
  if (is_scheme_defanged(text)) return true;
  if (text.find('[') == kNone && text.find('(') == kNone) return false;
  return text.find("[.") != kNone || text.find("(.)") != kNone || text.find("[dot]") != kNone ||
         text.find("[:") != kNone || text.find("(dot)") != kNone || text.find("[@]") != kNone ||
         text.find("[at]") != kNone;
}

bool is_one_part(std::string_view type, std::string_view text) {
  if (type == "mail_or_user" || type == "registry_or_file" || type == "command") return false;
  if (type == "ip" && text.size() == kPadded) return false;
  return !text.empty() && !is_scheme_defanged(text) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
}

std::vector<Part> parts_of(std::string_view type, std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.empty()) return {};
  if (type == "ip") return ip_parts(text);
  if (type == "hash") return hash_parts(text);
  if (type == "url") return url_parts(text);
  if (type == "mail" || (type == "mail_or_user" && text.find('@') != kNone))
    return mail_parts(type, text);
  if (type == "username" || type == "mail_or_user") return user_parts(text);
  if (type == "filename" || type == "registry_or_file") {
    if (type == "registry_or_file" && istarts_with(text, "HKEY_"))
      return {{"registry", std::string(text)}};
    return file_parts(text);
  }
  if (type == "command") return command_parts(text);
  if (type == "domain" || type == "fqdn" || type == "hostname" || type == "host")
    return name_parts(type, text);
  return {{type, std::string(text)}};
}

}  // namespace socbridge::mapping
