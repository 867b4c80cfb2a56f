// SPDX-License-Identifier: Apache-2.0
#include "observable/type_words.h"

#include <array>
#include <string>

#include "base/text.h"

namespace socbridge::observable {
namespace {

struct Words {
  std::string_view type;
  std::string_view words;  // separated by blanks, without `-`, `_` and inner blanks
};

constexpr std::array kWords = {
    Words{"ip",
          " ip ipv4 ipv6 ipaddr ipaddress ipsrc ipdst ipv4addr ipv6addr address srcip dstip "
          "sourceip destinationip cidr ipv4cidr ipv6cidr ipport "},
    Words{"auto", " auto domainname host hostname hosts indicator observable "},
    Words{"domain", " domain "},
    Words{"fqdn", " fqdn "},
    Words{"url", " url uri link urls "},
    Words{"hash",
          " hash md5 sha1 sha224 sha256 sha384 sha512 filehash filehashmd5 filehashsha1 "
          "filehashsha256 filehashsha512 hashmd5 hashsha1 hashsha256 checksum filemd5 filesha1 "
          "filesha256 xmd5 md5hash sha1hash sha256hash sha384hash sha512hash "},
    Words{"mail",
          " mail email emailaddr emailaddress emailsrc emaildst mailaddress emailreplyto sender "},
    Words{"filename", " filename filepath attachment emailattachment malwaresample "},
    Words{"registry", " registry regkey registrykey windowsregistrykey "},
    Words{"user-agent", " useragent httpuseragent "},
    Words{"username", " username useraccount accountname targetuser account user "},
    Words{"uri_path", " uripath "},
    Words{"autonomous-system", " as asn autonomoussystem "},
    Words{"other",
          " other imphash ssdeep tlsh pehash vhash authentihash impfuzzy ja3 ja3fingerprintmd5 "
          "hasshmd5 cve vulnerability btc xmr mutex macaddress mac macaddr "
          "x509certificate "
          "yara filehashimphash filehashpehash bitcoinaddress "},
    Words{kNoObservable, " port counter float datetime boolean text comment "},
};

}  // namespace

std::string_view type_of_word(std::string_view word) {
  constexpr std::size_t kLongest = 40;
  if (word.size() > kLongest) return {};
  std::string plain = " ";
  for (const char c : ascii_lower(trim(word))) {
    if (c != '-' && c != '_' && c != ' ' && c != ':') plain += c;
  }
  if (plain.size() == 1) return {};
  plain += ' ';
  for (const Words& one : kWords) {
    if (one.words.find(plain) != std::string_view::npos) return one.type;
  }
  return {};
}

std::string type_of_option(std::string_view word) {
  const std::string plain = ascii_lower(trim(word));
  const std::string_view type = type_of_word(plain);
  if (plain == "file" || type == plain) return plain;
  const bool custom = type.empty() || type == "other" || type == kNoObservable;
  return std::string(custom ? word : type);
}

}  // namespace socbridge::observable
