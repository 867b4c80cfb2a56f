#include "mapping/validate.h"

#include <utility>

#include "base/text.h"
#include "mapping/address.h"
#include "mapping/hash.h"
#include "mapping/names.h"
#include "mapping/url.h"
#include "mapping/words.h"

namespace socbridge::mapping {
namespace {

Finding name_finding(std::string_view type, std::string name, std::string_view why_not) {
  return name.empty() ? dropped(why_not) : Finding{type, std::move(name), {}, {}};
}

// Calls `use` for each part between separators; empty parts are left out.
template <typename Use>
void for_each_part(std::string_view text, std::string_view separators, Use use) {
  std::size_t at = text.find_first_not_of(separators);
  while (at != std::string_view::npos) {
    const std::size_t end = text.find_first_of(separators, at);
    if (end == std::string_view::npos) return use(text.substr(at));
    use(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
}

Finding one_address(std::string_view text, bool names_too) {
  if (auto address = parse_address(text)) return address_finding(std::move(*address));
  if (!names_too) return dropped("not an address");
  return name_finding("domain", normal_domain(without_port(text)), "not an address");
}

void addresses(std::string_view text, bool names_too, std::vector<Finding>& out) {
  for_each_part(text, ",; \t\r\n", [&](std::string_view part) {
    out.push_back(is_placeholder(part) ? dropped("placeholder") : one_address(part, names_too));
  });
}

Finding domain_or_address(std::string_view text) {
  if (auto address = parse_address(text)) return address_finding(std::move(*address));
  return name_finding("domain", normal_domain(without_port(trim(text))), "not a domain");
}

Finding host(std::string_view text) {
  if (auto address = parse_address(text)) return address_finding(std::move(*address));
  return name_finding("hostname", normal_host(without_port(trim(text))), "not a host name");
}

void mails(std::string_view text, std::vector<Finding>& out) {
  // A comma inside a display name only yields parts that are no address.
  const std::size_t before = out.size();
  for_each_part(text, ",;", [&](std::string_view part) {
    std::string mail = normal_mail(part);
    if (!mail.empty()) out.push_back({"mail", std::move(mail), {}, {}});
  });
  if (out.size() == before) out.push_back(dropped("not a mail address"));
}

void query_results(std::string_view text, std::vector<Finding>& out) {
  for_each_part(text, ";", [&](std::string_view part) {
    part = trim(part);
    if (istarts_with(part, "type:")) {
      part = trim(part.substr(5));
      part = trim(part.substr(std::min(part.find(' '), part.size())));
    }
    if (!is_placeholder(part)) out.push_back(domain_or_address(part));
  });
}

Finding guess(std::string_view text, bool known_only) {
  text = trim(text);
  if (auto address = parse_address(text)) return address_finding(std::move(*address));
  if (is_hash(text)) {
    std::vector<Finding> hashes;
    find_hashes(text, hashes);
    return std::move(hashes.front());
  }
  Finding url = absolute_url(text);
  if (!url.type.empty()) return url;
  std::string mail = normal_mail(text);
  if (!mail.empty()) return {"mail", std::move(mail), {}, {}};
  if (is_registry(text)) return text_finding("registry", text);
  std::string domain = normal_domain(text);
  if (!domain.empty()) return {"domain", std::move(domain), {}, {}};
  return known_only ? dropped("of no known type") : text_finding("other", text);
}

Finding account(std::string_view text) {
  std::string mail = normal_mail(text);
  return mail.empty() ? username(text) : Finding{"mail", std::move(mail), {}, {}};
}

}  // namespace

void validate(Kind kind, std::string_view text, std::vector<Finding>& out) {
  if (is_placeholder(text)) {
    out.push_back(dropped("placeholder"));
    return;
  }
  switch (kind) {
    case Kind::ip: return addresses(text, true, out);
    case Kind::ip_only: return addresses(text, false, out);
    case Kind::hash: return find_hashes(text, out);
    case Kind::mail: return mails(text, out);
    case Kind::query_results: return query_results(text, out);
    case Kind::host: return out.push_back(host(text));
    case Kind::domain: return out.push_back(domain_or_address(text));
    case Kind::url: return out.push_back(url_or_path(text));
    case Kind::url_only: return out.push_back(absolute_url(text));
    case Kind::account: return out.push_back(account(text));
    case Kind::username: return out.push_back(username(text));
    case Kind::filename: return out.push_back(filename(text));
    case Kind::image: return out.push_back(image(text));
    case Kind::path:
      return out.push_back(is_registry(text) ? text_finding("registry", text) : filename(text));
    case Kind::registry:
      return out.push_back(is_registry(trim(text)) ? text_finding("registry", text)
                                                   : dropped("not a registry key"));
    case Kind::user_agent: return out.push_back(text_finding("user-agent", text));
    case Kind::text: return out.push_back(text_finding("other", text));
    case Kind::cve: return out.push_back(cve(text));
    case Kind::any: return out.push_back(guess(text, false));
    case Kind::any_known: return out.push_back(guess(text, true));
  }
}

std::optional<Kind> kind_of(std::string_view data_type) {
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"auto", Kind::any},           {"ip", Kind::ip},
      {"domain", Kind::domain},      {"fqdn", Kind::domain},
      {"hostname", Kind::host},      {"url", Kind::url},
      {"uri_path", Kind::url},       {"hash", Kind::hash},
      {"mail", Kind::mail},          {"username", Kind::username},
      {"filename", Kind::filename},  {"registry", Kind::registry},
      {"user-agent", Kind::user_agent}, {"other", Kind::text}};
  for (const auto& [name, kind] : kKinds) {
    if (name == data_type) return kind;
  }
  return std::nullopt;
}

}  // namespace socbridge::mapping
