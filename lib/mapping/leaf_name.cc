// SPDX-License-Identifier: Apache-2.0
#include "mapping/leaf_name.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "mapping/words.h"

namespace socbridge::mapping {
namespace {

// Names of our own machines.
constexpr Words<8> kOwn = {"device",  "computer", "machine", "agent",
                           "manager", "observer", "sensor",  "dvc"};

// The PlainName character of each byte; 0: dropped.
constexpr std::array<char, 256> kPlain = [] {
  std::array<char, 256> out{};
  for (char c = '0'; c <= '9'; ++c) out[static_cast<unsigned char>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    out[static_cast<unsigned char>(c)] = c;
    out[static_cast<unsigned char>(c - 'a' + 'A')] = c;
  }
  for (std::size_t i = 0x80; i < out.size(); ++i) out[i] = static_cast<char>(i);
  return out;
}();

}  // namespace

PlainName::PlainName(std::string_view name) {
  if (name.size() > bytes_.size()) return;
  for (const char c : name) {
    const char plain = kPlain[static_cast<unsigned char>(c)];
    bytes_[size_] = plain;
    size_ += plain == 0 ? 0 : 1;
  }
}

namespace leaf {

bool no_address(std::string_view name) {
  static constexpr Words<19> kHolds = {"version",  "mask",      "subnet",    "build",     "release",
                                       "revision", "firmware",  "serial",    "engine",    "package",
                                       "driver",   "benchmark", "section",   "policy",    "require",
                                       "control",  "loopback",  "signature", "compliance"};
  static constexpr Words<27> kExact = {
      "dnsserver", "ntpserver",    "nameserver", "nameservers", "ver",        "osver",  "appver",
      "oid",       "id",           "dvc",        "dvcip",       "dvcaddress", "devip",  "local",
      "localip",   "localaddress", "localaddr",  "hostip",      "host",       "listen", "bind",
      "gateway",   "collector",    "level",      "title",       "name",       "number"};
  if (name.ends_with("oid") || kExact.has(name) || kHolds.in(name)) return true;
  static constexpr Words<6> kOwnAddress = {"deviceip", "deviceaddress", "computerip",
                                           "agentip",  "managerip",     "agentaddress"};
  if (name.ends_with("ver") && !name.ends_with("server")) return true;
  return kOwnAddress.ends(name) || name.starts_with("agent") || name.starts_with("manager");
}

bool no_url(std::string_view name) {
  static constexpr Words<30> kHolds = {
      "seealso",   "breachurl", "reference",   "permalink",  "remediation",  "console",
      "weburl",    "alerturl",  "incidenturl", "eventurl",   "detectionurl", "schema",
      "xmlns",     "namespace", "icon",        "avatar",     "logo",         "portal",
      "dashboard", "advisor",   "wiki",        "support",    "moreinfo",     "homepage",
      "apiurl",    "htmlurl",   "document",    "investigat", "reporturl",    "helpurl"};
  static constexpr Words<12> kExact = {"self", "href",  "doc",  "docs",   "help",   "kb",
                                       "link", "links", "info", "vendor", "source", "issuer"};
  return kExact.has(name) || name.ends_with("link") || name.ends_with("links") || kHolds.in(name);
}

bool no_mail(std::string_view name) {
  static constexpr Words<7> kEnds = {"messageid", "msgid", "inreplyto", "contentid",
                                     "key",       "uuid",  "guid"};
  static constexpr Words<4> kHolds = {"maintainer", "support", "reference", "vendor"};
  return kEnds.ends(name) || kHolds.in(name);
}

bool hash(std::string_view name, std::string_view parent) {
  static constexpr Words<10> kSays = {"md5",    "sha1",   "sha224", "sha256", "sha384",
                                      "sha512", "shasum", "hash",   "digest", "checksum"};
  static constexpr Words<26> kNot = {
      "dthash",  "imphash",  "ja3",      "ja4",    "hassh", "ssdeep", "tlsh",
      "vhash",   "telfhash", "pehash",   "before", "old",   "prev",   "cert",
      "finger",  "thumb",    "nonce",    "passw",  "rule",  "policy", "config",
      "request", "session",  "richhash", "commit", "token"};
  if (!kSays.in(name) && !name.ends_with("cksum")) return false;
  return !kNot.in(name) && !(name == "hash" && kNot.in(parent));
}

bool url(std::string_view name) {
  return name.ends_with("url") || name.ends_with("uri") || name == "misc";  // Palo Alto
}

bool domain(std::string_view name, std::string_view parent) {
  static constexpr Words<12> kEnds = {"domain",    "fqdn",         "dnsname",  "rrname",
                                      "queryname", "questionname", "hostname", "servername",
                                      "host",      "domainname",   "dnsquery", "reversedns"};
  static constexpr Words<14> kExact = {"sni",     "qname",   "dhost", "shost",     "site",
                                       "dstname", "srcname", "helo",  "rdns",      "ptr",
                                       "answers", "rdata",   "cname", "clientname"};
  if (name == "name") return parent == "question";
  static constexpr Words<8> kNot = {"user",     "account",  "subject", "target",
                                    "ntdomain", "addomain", "logon",   "workstation"};
  return (kEnds.ends(name) || kExact.has(name)) && !kNot.in(name) && !kOwn.in(name);
}

bool user(std::string_view name, std::string_view parent) {
  static constexpr Words<7> kEnds = {"user",        "username",  "userprincipalname", "upn",
                                     "accountname", "loginname", "useraccount"};
  static constexpr Words<9> kExact = {"usr",    "usrname", "acct",  "account",  "login",
                                      "userid", "uname",   "actor", "principal"};
  static constexpr Words<5> kPeople = {"user", "account", "actor", "login", "useridentity"};
  if (name == "name") return kPeople.has(parent);
  if (name.ends_with("displayname")) return false;
  return kExact.has(name) || kEnds.ends(name);
}

bool account(std::string_view name) {
  static constexpr Words<4> kExact = {"source", "initiator", "caller", "requester"};
  return kExact.has(name);
}

bool user_agent(std::string_view name) {
  static constexpr Words<3> kExact = {"useragentoriginal", "httpagent", "ua"};
  return name.ends_with("useragent") || kExact.has(name);
}

bool file(std::string_view name, std::string_view parent) {
  static constexpr Words<13> kEnds = {
      "filename",    "filenames",      "filepath",       "scannedfile",    "targetfile",
      "targetpath",  "exepath",        "processpath",    "executablepath", "imagepath",
      "droppedfile", "attachmentname", "attachmentnames"};
  if (name == "path") return parent == "file";
  if (name == "executable") return parent == "process";
  if (name == "exe") return true;
  static constexpr Words<9> kNot = {"original", "log",      "policy",  "rule",   "config",
                                    "report",   "template", "profile", "pattern"};
  return kEnds.ends(name) && !kNot.in(name);
}

bool mac(std::string_view name) {
  static constexpr Words<6> kEnds = {"mac",    "macaddr", "macaddress",
                                     "l2addr", "hwaddr",  "hwaddress"};
  return kEnds.ends(name) && name != "macaddress" &&
         !kOwn.in(name);  // Falcon's is that of the sensor
}

bool tls_client(std::string_view name) {
  static constexpr Words<4> kExact = {"ja3", "ja3hash", "ja4", "hassh"};
  return kExact.has(name);
}

bool indicator(std::string_view name) {
  static constexpr Words<15> kExact = {
      "indicators",  "iocs",           "observables",     "indicator", "ioc",
      "iocvalue",    "observable",     "observablevalue", "query",     "queryvalue",
      "queryvalues", "indicatorvalue", "matchedvalue",    "artifact",  "qh"};
  return kExact.has(name) || name.ends_with("indicator");
}

bool address(std::string_view name) {
  static constexpr Words<8> kEnds = {"ip",   "ips",          "addr", "address",
                                     "ipv4", "forwardedfor", "ipv6", "addresses"};
  static constexpr Words<8> kExact = {"src",    "dst",  "xff",    "client",
                                      "remote", "peer", "source", "destination"};
  return kEnds.ends(name) || kExact.has(name);
}

bool own_branch(std::string_view name) {
  static constexpr Words<28> kBranches = {
      "agent",   "manager",      "host",      "observer",   "predecoder",    "decoder",
      "ecs",     "sca",          "oscap",     "ciscat",     "vulnerability", "compliance",
      "os",      "package",      "packages",  "references", "beat",          "metadata",
      "logfile", "elasticagent", "extraargs", "labels",     "port",          "netinfo",
      "iface",   "program",      "hotfix",    "hardware"};
  return kBranches.has(name);
}

}  // namespace leaf

bool is_console_url(std::string_view url) {
  static constexpr Words<44> kHosts = {"threatinsight.proofpoint.com",
                                       "fortinet.com",
                                       "fortiguard.com",
                                       "paloaltonetworks.com",
                                       "nessus.org",
                                       "tenable.com",
                                       "qualys.com",
                                       "rapid7.com",
                                       "wiz.io",
                                       "lacework.net",
                                       "sentinelone.net",
                                       "abuse.ch",
                                       "urlscan.io",
                                       "shodan.io",
                                       "hybrid-analysis.com",
                                       "support.microsoft.com",
                                       "security.microsoft.com",
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
  // The text before `@` is a user, whatever it looks like; browsers read `\` as a slash.
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  const std::string_view with_port = authority.substr(authority.rfind('@') + 1);
  const std::string host = ascii_lower(with_port.substr(0, with_port.find(':')));
  return std::any_of(kHosts.begin(), kHosts.end(), [&](const auto& word) {
    const std::string_view known = word.text;
    return host == known || (host.size() > known.size() && host.ends_with(known) &&
                             host[host.size() - known.size() - 1] == '.');
  });
}

}  // namespace socbridge::mapping
