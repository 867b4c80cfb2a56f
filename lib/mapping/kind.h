#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

// What a row of the observable table says about its values. The value itself has the last word: an
// `ip` row that holds a name gives a domain, a `url` row that holds a path gives a uri_path.
enum class Kind {
  ip,             // address, `ip:port`, `[v6]:port`, lists; a host name becomes a domain
  ip_only,        // as ip, but names are dropped (they are service names there)
  host,           // host name, or ip
  domain,         // DNS name, or ip
  url,            // absolute URL, path, or host:port
  url_only,       // absolute URL, everything else is dropped
  hash,           // one or a list, with or without `SHA256=`
  mail,           // address with display name, brackets, lists
  account,        // mail if it looks like one, else username
  username,
  filename,
  image,          // program path, possibly with quotes and arguments
  path,           // registry key if it looks like one, else filename
  registry,       // registry key, everything else is dropped
  user_agent,
  text,           // `other`
  cve,            // `other`, CVE numbers only
  query_results,  // Sysmon 22: `type:  5 name;::ffff:192.0.2.1;`
  any,            // decided by the value; unknown becomes `other`
  any_known,      // decided by the value; unknown is dropped
};

// One value taken out of a field, or the reason why there is none.
struct Finding {
  std::string_view type;   // data type, lower case; empty: dropped
  std::string value;       // normalised
  std::string_view tag;    // `private`, or empty
  std::string_view reason; // why it was dropped; a literal
};

inline Finding dropped(std::string_view reason) { return {{}, {}, {}, reason}; }

// Kind of a configured data type: `auto`, or one of TheHive's built-in types and `username`. Empty
// for a type of the platform's own; its values are only trimmed.
std::optional<Kind> kind_of(std::string_view data_type);

}  // namespace socbridge::mapping
