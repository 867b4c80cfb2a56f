// SPDX-License-Identifier: Apache-2.0
#include "mapping/leaf_name.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace socbridge::mapping {
namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

template <std::size_t N>
bool holds(std::string_view name, const Words<N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

template <std::size_t N>
bool ends(std::string_view name, const Words<N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.ends_with(word); });
}

// Of our own machines.
constexpr Words<7> kOwn = {"device",  "computer", "machine", "agent",
                           "manager", "observer", "sensor"};

}  // namespace

std::string plain_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  std::string out;
  if (name.size() > kLongest) return out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

namespace leaf {

bool no_address(std::string_view name) {
  static constexpr Words<19> kHolds = {"version",  "mask",      "subnet",    "build",     "release",
                                       "revision", "firmware",  "serial",    "engine",    "package",
                                       "driver",   "benchmark", "section",   "policy",    "require",
                                       "control",  "loopback",  "signature", "compliance"};
  static constexpr Words<23> kExact = {
      "ver",   "osver",   "appver",    "oid",          "id",        "dvc",    "dvcip", "dvcaddress",
      "devip", "local",   "localip",   "localaddress", "localaddr", "hostip", "host",  "listen",
      "bind",  "gateway", "collector", "level",        "title",     "name",   "number"};
  if (name.ends_with("oid") || is_word(name, kExact) || holds(name, kHolds)) return true;
  static constexpr Words<6> kOwnAddress = {"deviceip", "deviceaddress", "computerip",
                                           "agentip",  "managerip",     "agentaddress"};
  return ends(name, kOwnAddress) || name.starts_with("agent") || name.starts_with("manager");
}

bool no_url(std::string_view name) {
  static constexpr Words<28> kHolds = {
      "reference",   "permalink",  "remediation",  "console",  "weburl",    "alerturl",
      "incidenturl", "eventurl",   "detectionurl", "schema",   "xmlns",     "namespace",
      "icon",        "avatar",     "logo",         "portal",   "dashboard", "advisor",
      "wiki",        "support",    "moreinfo",     "homepage", "apiurl",    "htmlurl",
      "document",    "investigat", "reporturl",    "helpurl"};
  static constexpr Words<12> kExact = {"self", "href",  "doc",  "docs",   "help",   "kb",
                                       "link", "links", "info", "vendor", "source", "issuer"};
  return is_word(name, kExact) || name.ends_with("link") || name.ends_with("links") ||
         holds(name, kHolds);
}

bool no_mail(std::string_view name) {
  static constexpr Words<6> kEnds = {"messageid", "inreplyto", "contentid", "key", "uuid", "guid"};
  static constexpr Words<4> kHolds = {"maintainer", "support", "reference", "vendor"};
  return ends(name, kEnds) || holds(name, kHolds);
}

bool hash(std::string_view name) {
  static constexpr Words<10> kSays = {"md5",    "sha1",   "sha224", "sha256", "sha384",
                                      "sha512", "shasum", "hash",   "digest", "checksum"};
  static constexpr Words<25> kNot = {"imphash", "ja3",     "ja4",      "hassh",  "ssdeep",
                                     "tlsh",    "vhash",   "telfhash", "pehash", "before",
                                     "old",     "prev",    "cert",     "finger", "thumb",
                                     "nonce",   "passw",   "rule",     "policy", "config",
                                     "request", "session", "richhash", "commit", "token"};
  return (holds(name, kSays) || name.ends_with("cksum")) && !holds(name, kNot);
}

bool domain(std::string_view name) {
  static constexpr Words<10> kEnds = {"domain",    "fqdn",         "dnsname",  "rrname",
                                      "queryname", "questionname", "hostname", "servername",
                                      "host",      "domainname"};
  static constexpr Words<8> kExact = {"sni",  "qname",   "dhost",   "shost",
                                      "site", "dstname", "srcname", "helo"};
  static constexpr Words<8> kNot = {"user",     "account",  "subject", "target",
                                    "ntdomain", "addomain", "logon",   "workstation"};
  return (ends(name, kEnds) || is_word(name, kExact)) && !holds(name, kNot) && !holds(name, kOwn);
}

bool user(std::string_view name, std::string_view parent) {
  static constexpr Words<6> kEnds = {"username",    "userprincipalname", "upn",
                                     "accountname", "loginname",         "useraccount"};
  static constexpr Words<18> kExact = {"user",       "usr",   "usrname",   "acct",      "account",
                                       "login",      "suser", "duser",     "srcuser",   "dstuser",
                                       "userid",     "uname", "actor",     "principal", "luser",
                                       "remoteuser", "ruser", "targetuser"};
  static constexpr Words<5> kPeople = {"user", "account", "actor", "login", "useridentity"};
  if (name == "name") return is_word(parent, kPeople);
  if (name.ends_with("displayname")) return false;
  return is_word(name, kExact) || ends(name, kEnds);
}

bool user_agent(std::string_view name) {
  return name.ends_with("useragent") || name == "useragentoriginal" || name == "httpagent";
}

bool file(std::string_view name) {
  static constexpr Words<8> kEnds = {"filename", "filepath",    "scannedfile", "targetfile",
                                     "exepath",  "processpath", "imagepath",   "executablepath"};
  static constexpr Words<9> kNot = {"original", "log",      "policy",  "rule",   "config",
                                    "report",   "template", "profile", "pattern"};
  return ends(name, kEnds) && !holds(name, kNot);
}

bool indicator(std::string_view name) {
  static constexpr Words<12> kExact = {
      "indicator",  "ioc",         "iocvalue",       "observable",   "observablevalue", "query",
      "queryvalue", "queryvalues", "indicatorvalue", "matchedvalue", "artifact",        "qh"};
  return is_word(name, kExact);
}

bool address(std::string_view name) {
  static constexpr Words<8> kEnds = {"ip",   "ips",          "addr", "address",
                                     "ipv4", "forwardedfor", "ipv6", "addresses"};
  static constexpr Words<6> kExact = {"src", "dst", "xff", "client", "remote", "peer"};
  return ends(name, kEnds) || is_word(name, kExact);
}

bool own_branch(std::string_view name) {
  static constexpr Words<28> kBranches = {
      "agent",   "manager",      "host",      "observer",   "predecoder",    "decoder",
      "ecs",     "sca",          "oscap",     "ciscat",     "vulnerability", "compliance",
      "os",      "package",      "packages",  "references", "beat",          "metadata",
      "logfile", "elasticagent", "extraargs", "labels",     "port",          "netinfo",
      "iface",   "program",      "hotfix",    "hardware"};
  return is_word(name, kBranches);
}

}  // namespace leaf

bool is_console_url(std::string_view url) {
  static constexpr Words<28> kHosts = {"security.microsoft.com",
                                       "docs.microsoft.com",
                                       "learn.microsoft.com",
                                       "go.microsoft.com",
                                       "portal.azure.com",
                                       "schemas.microsoft.com",
                                       "virustotal.com",
                                       "attack.mitre.org",
                                       "nvd.nist.gov",
                                       "cve.mitre.org",
                                       "cve.org",
                                       "console.aws.amazon.com",
                                       "docs.aws.amazon.com",
                                       "console.cloud.google.com",
                                       "cloud.google.com",
                                       "documentation.wazuh.com",
                                       "api.github.com",
                                       "otx.alienvault.com",
                                       "abuseipdb.com",
                                       "access.redhat.com",
                                       "security-tracker.debian.org",
                                       "w3.org",
                                       "json-schema.org",
                                       "falcon.crowdstrike.com",
                                       "compute.googleapis.com",
                                       "www.googleapis.com",
                                       "cti.wazuh.com",
                                       "msrc.microsoft.com"};
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos) return false;
  const std::string_view rest = url.substr(mark + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#:"));
  return std::any_of(kHosts.begin(), kHosts.end(), [&](std::string_view known) {
    return host == known || (host.size() > known.size() && host.ends_with(known) &&
                             host[host.size() - known.size() - 1] == '.');
  });
}

}  // namespace socbridge::mapping
