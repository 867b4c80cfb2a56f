#include "opencti/value.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "json/writer.h"
#include "observable/detect.h"
#include "opencti/pattern.h"
#include "opencti/stix_id.h"

namespace socbridge::opencti {
namespace {

// The kinds of values, by TheHive's data types. The object paths are those of patterns.
struct Kind {
  std::string_view data_types;  // between blanks
  std::string_view keys;        // between blanks
  std::string_view paths;       // between blanks
  std::string_view property;    // that makes the deterministic id
  std::string_view type;        // to create
};
constexpr std::array kKinds = {
    Kind{" domain fqdn hostname ", "value", "domain-name:value hostname:value", "value",
         "Domain-Name"},
    Kind{" url uri_path ", "value", "url:value", "value", "Url"},
    Kind{" mail email ", "value", "email-addr:value", "value", "Email-Addr"},
    Kind{" filename ", "name", "file:name", "name", "StixFile"},
    Kind{" registry ", "attribute_key", "windows-registry-key:key", "key", "Windows-Registry-Key"},
    Kind{" user-agent user_agent ", "value", "user-agent:value", "value", "User-Agent"},
    Kind{" mail_subject mail-subject ", "subject", "email-message:subject", "subject",
         "Email-Message"},
    Kind{" account user username ", "account_login user_id", "user-account:account_login", "",
         "User-Account"},
    Kind{" mac mac-address ", "value", "mac-addr:value", "value", "Mac-Addr"},
    Kind{" autonomous-system asn ", "number", "autonomous-system:number", "", "Autonomous-System"},
};

const Kind* kind_of(std::string_view data_type) {
  const std::string wanted = " " + std::string(data_type) + " ";
  for (const Kind& kind : kKinds) {
    if (kind.data_types.find(wanted) != std::string_view::npos) return &kind;
  }
  return nullptr;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

std::string_view hash_algorithm(std::size_t digits) {
  switch (digits) {
    case 32: return "MD5";
    case 40: return "SHA-1";
    case 64: return "SHA-256";
    case 128: return "SHA-512";
    default: return {};
  }
}

bool is_v6(const std::string& address) { return address.find(':') != std::string::npos; }

std::string pattern(std::string_view path, std::string_view text) {
  return "[" + std::string(path) + " = " + pattern_literal(text) + "]";
}

Place ip_place(const Value& value) {
  Place out;
  const std::string_view type = is_v6(value.text) ? "ipv6-addr" : "ipv4-addr";
  out.keys = {"value"};
  out.spellings = {value.text};
  // IPv6 addresses are stored as somebody wrote them.
  if (std::string given(trim(value.given)); given != value.text) out.spellings.push_back(given);
  out.paths = {std::string(type) + ":value"};
  for (const std::string& text : out.spellings) {
    out.patterns.push_back(pattern(out.paths.front(), text));
  }
  out.observable_id = observable_id(type, "value", value.text);
  return out;
}

Place hash_place(const Value& value) {
  Place out;
  const std::string_view algorithm = hash_algorithm(value.text.size());
  if (algorithm.empty()) return out;
  out.keys = {"hashes." + std::string(algorithm)};
  out.spellings = {value.text};
  const std::string part =
      algorithm == "MD5" ? "MD5" : pattern_literal(algorithm);  // `-` wants quotes
  out.paths = {"file:hashes"};
  out.patterns = {pattern("file:hashes." + part, value.text)};
  return out;
}

std::string wrapped(std::string_view name, std::string_view text) {
  json::Writer w;
  w.begin_object();
  w.member(name, text);
  w.end_object();
  return std::move(w).take();
}

std::string argument_of(std::string_view type) {
  std::string out;
  for (const char c : type) {
    if (c != '-') out += c;
  }
  return out;
}

}  // namespace

Result<Value> read_value(std::string_view text) {
  auto found = observable::detect(text);
  if (!found.ok()) return found.status();
  // A path is a name to OpenCTI; nothing is read from the disk.
  if (found->type == "file") found->type = "filename";
  return Value{std::string(trim(text)), std::move(found->type), std::move(found->value)};
}

Value value_of(std::string_view data_type, std::string_view data) {
  Value out{std::string(data), ascii_lower(data_type), std::string(trim(data))};
  for (const std::string_view known : {"ip", "domain", "fqdn", "url", "hash", "mail"}) {
    if (out.type != known) continue;
    if (auto read = observable::read_as(out.type, data); read.ok()) out.text = read->value;
  }
  const bool folded = kind_of(out.type) == kind_of("domain") ||
                      kind_of(out.type) == kind_of("mail") || out.type == "hash";
  if (folded) out.text = ascii_lower(out.text);
  if (out.type == "autonomous-system" && istarts_with(out.text, "AS")) out.text.erase(0, 2);
  return out;
}

std::string pattern_literal(std::string_view text) { return "'" + escape_literal(text) + "'"; }

Place place_of(const Value& value) {
  if (value.text.empty()) return {};
  if (value.type == "ip") return ip_place(value);
  if (value.type == "hash") return hash_place(value);
  Place out;
  out.spellings = {value.text};
  const Kind* kind = kind_of(value.type);
  if (kind == nullptr) {
    out.keys = {"value", "name", "account_login", "attribute_key", "path", "subject"};
    return out;
  }
  out.keys = words(kind->keys);
  out.paths = words(kind->paths);
  for (const std::string& path : out.paths) out.patterns.push_back(pattern(path, value.text));
  if (!kind->property.empty()) {
    const std::string_view path = kind->paths;
    out.observable_id = observable_id(path.substr(0, path.find(':')), kind->property, value.text);
  }
  return out;
}

NewObservable new_observable(const Value& value) {
  NewObservable out;
  if (value.text.empty()) return out;
  if (value.type == "ip") {
    out.type = is_v6(value.text) ? "IPv6-Addr" : "IPv4-Addr";
    out.input_json = wrapped("value", value.text);
  } else if (value.type == "hash") {
    const std::string_view algorithm = hash_algorithm(value.text.size());
    if (algorithm.empty()) return out;
    out.type = "StixFile";
    out.input_json = R"({"hashes":[{"algorithm":)" + json::quote(algorithm) + R"(,"hash":)" +
                     json::quote(value.text) + "}]}";
  } else if (const Kind* kind = kind_of(value.type); kind != nullptr) {
    out.type = kind->type;
    if (out.type == "Autonomous-System") {
      if (!parse_u64(value.text)) return {};
      out.input_json =
          "{\"number\":" + value.text + ",\"name\":" + json::quote("AS" + value.text) + "}";
    } else {
      out.input_json = wrapped(words(kind->keys).front(), value.text);
    }
  } else {
    return out;
  }
  out.argument = argument_of(out.type);
  return out;
}

}  // namespace socbridge::opencti
