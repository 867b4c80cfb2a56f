// SPDX-License-Identifier: Apache-2.0
#include "profile/wazuh_offer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "profile/profile.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::profile {
namespace {

constexpr uid_t kOther = 65534;

// A Wazuh home. For root it is one whose data belong to another user, as in an installation.
struct Home : test::TempDir {
  Home() {
    REQUIRE(::chmod(path().c_str(), 0755) == 0);
    folder("ossec", 0755);
    folder("ossec/etc", 0755);
    if (::geteuid() == 0) give("ossec/etc");
  }
  std::string home() const { return *this / "ossec"; }
  void give(const std::string& name) const {
    REQUIRE(::chown((*this / name).c_str(), kOther, kOther) == 0);
  }
  void conf(const std::string& blocks) const {
    write("ossec/etc/ossec.conf", "<ossec_config>\n" + blocks + "\n</ossec_config>\n");
    REQUIRE(::chmod((*this / "ossec/etc/ossec.conf").c_str(), 0644) == 0);
  }
  void config(const std::string& json) const {
    REQUIRE(::chmod(write("ossec/etc/w2thive.json", json).c_str(), 0644) == 0);
  }
  // A file that the home's user may read.
  std::string key(const std::string& text) const {
    const std::string made = write("ossec/etc/thehive.key", text);
    REQUIRE(::chmod(made.c_str(), 0640) == 0);
    if (::geteuid() == 0) give("ossec/etc/thehive.key");
    return made;
  }
  static std::string block(const std::string& url, const std::string& key,
                           const std::string& more = {},
                           const std::string& name = "custom-w2thive") {
    return "<integration><name>" + name + "</name>" +
           (url.empty() ? "" : "<hook_url>" + url + "</hook_url>") +
           (key.empty() ? "" : "<api_key>" + key + "</api_key>") + more +
           "<alert_format>json</alert_format></integration>";
  }
  Offer offer(const std::string& ossec_conf = {}) const {
    auto read = read_wazuh_offer(Env::real(), home(), ossec_conf);
    INFO(read.status().line());
    REQUIRE(read.ok());
    return std::move(*read);
  }
  Status refused(const std::string& ossec_conf = {}) const {
    const auto read = read_wazuh_offer(Env::real(), home(), ossec_conf);
    REQUIRE_FALSE(read.ok());
    CHECK(read.status().code() == ExitCode::usage);
    return read.status();
  }
};

}  // namespace

TEST_CASE_METHOD(Home, "wazuh offer: URL and key of a block, with their origins") {
  conf(block("https://t.example:9000", "k3y"));
  const Offer got = offer();
  CHECK(got.place == Place::wazuh);
  CHECK(got.url == "https://t.example:9000");
  CHECK(got.key.reveal() == "k3y");
  CHECK(got.url_origin == home() + "/etc/ossec.conf: <hook_url>");
  CHECK(got.key_origin == home() + "/etc/ossec.conf: <api_key>");
}

TEST_CASE_METHOD(Home, "wazuh offer: all that w2thive.json says of the way to TheHive") {
  const std::string pin = "sha256//" + std::string(43, 'A') + "=";
  config(R"({"url":"https://t.example","api_key":"k3y","organisation":"soc","proxy":"http://p:3128",
    "proxy_login":"u:pw","pinned_key":")" +
         pin + R"("})");
  const Offer got = offer();
  CHECK(got.url == "https://t.example");
  CHECK(got.key.reveal() == "k3y");
  CHECK(got.key_origin == home() + "/etc/w2thive.json");
  CHECK(got.organisation == "soc");
  CHECK(got.proxy == "http://p:3128");
  CHECK(got.proxy_login.reveal() == "u:pw");
  CHECK(got.pinned_key == pin);
  CHECK(got.insecure.empty());
}

TEST_CASE_METHOD(Home, "wazuh offer: the first block of its name that has a URL and a key counts") {
  conf(block("https://slack.example", "slack", "", "slack") + block("https://half.example", "") +
       block("https://first.example", "one") + block("https://second.example", "two"));
  CHECK(offer().url == "https://first.example");
  CHECK(offer().key.reveal() == "one");
  conf(block("https://half.example", ""));
  CHECK(offer().url == "https://half.example");
  CHECK(offer().key.empty());
}

TEST_CASE_METHOD(Home, "wazuh offer: a key file is read, and the key is not what it names") {
  conf(block("https://t.example", "file:" + key("k3y-of-file\n")));
  CHECK(offer().key.reveal() == "k3y-of-file");
}

TEST_CASE_METHOD(Home, "wazuh offer: a key that reads like the name of a file names none") {
  const std::string other = write("secret.key", "secret-of-another\n");
  REQUIRE(::chmod(other.c_str(), 0600) == 0);
  conf(block("https://t.example", "file:" + key("file:" + other + "\n")));
  CHECK(offer().key.reveal() == "file:" + other);
  SystemPaths system;
  system.system_config.clear();
  system.wazuh_home = home();
  const auto found = resolve(Env::real(), "thehive", {}, system);
  REQUIRE(found.ok());
  CHECK(found->key.reveal() == "file:" + other);  // the key of TheHive, however odd
}

TEST_CASE_METHOD(Home, "wazuh offer: root does not read what the home's user may not") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  const std::string secret = write("root.key", "secret-of-root\n");
  REQUIRE(::chmod(secret.c_str(), 0600) == 0);
  conf(block("https://t.example", "file:" + secret));
  const Status status = refused();
  CHECK_THAT(status.message(), Catch::Contains("key file " + secret + ": Permission denied"));
  CHECK(status.line().find("secret-of-root") == std::string::npos);
}

TEST_CASE_METHOD(Home, "wazuh offer: what is missing says nothing, unless it is named") {
  CHECK(offer().url.empty());
  CHECK(offer().key.empty());
  CHECK_THAT(refused(*this / "none.conf").message(), Catch::Contains("none.conf"));
  const auto no_home = read_wazuh_offer(Env::real(), *this / "none", {});
  REQUIRE(no_home.ok());
  CHECK(no_home->url.empty());
}

TEST_CASE_METHOD(Home, "wazuh offer: another ossec.conf is read in place of the home's") {
  conf(block("https://t.example", "k3y"));
  const std::string named = write(
      "named.conf", "<ossec_config>" + block("https://named.example", "other") + "</ossec_config>");
  REQUIRE(::chmod(named.c_str(), 0600) == 0);  // root's own: opened before the user changes
  CHECK(offer(named).url == "https://named.example");
  CHECK(offer(named).key.reveal() == "other");
}

TEST_CASE_METHOD(Home, "wazuh offer: a home or a file that any user may write is not used") {
  conf(block("https://t.example", "k3y"));
  REQUIRE(::chmod((home() + "/etc/ossec.conf").c_str(), 0666) == 0);
  CHECK_THAT(refused().message(), Catch::Contains("/etc/ossec.conf is not safe to use: ") &&
                                      Catch::Contains("may be written by any user"));
  REQUIRE(::chmod((home() + "/etc/ossec.conf").c_str(), 0644) == 0);
  config(R"({"min_level":3})");
  REQUIRE(::chmod((home() + "/etc/w2thive.json").c_str(), 0666) == 0);
  CHECK_THAT(refused().message(), Catch::Contains("/etc/w2thive.json may be written by any user"));
  REQUIRE(::chmod(home().c_str(), 0777) == 0);
  CHECK_THAT(refused().message(), Catch::Contains("the Wazuh home " + home() + " is not safe"));
}

TEST_CASE_METHOD(Home, "wazuh offer: an unsafe home is an error also where nothing is configured") {
  REQUIRE(::chmod(home().c_str(), 0777) == 0);
  CHECK_THAT(refused().message(), Catch::Contains("the Wazuh home " + home() + " is not safe"));
}

TEST_CASE_METHOD(Home, "wazuh offer: a broken configuration matters only if URL or key lack") {
  config(R"({"min_level":"x"})");
  CHECK_THAT(refused().message(), Catch::Contains("w2thive.json:1:2: min_level must be"));
  conf(block("https://t.example", "k3y"));
  CHECK(offer().key.reveal() == "k3y");
  config("{ broken");
  CHECK(offer().key.reveal() == "k3y");
}

TEST_CASE_METHOD(Home, "wazuh offer: certificates that are not checked are said to be so") {
  config(R"({"url":"https://t.example","api_key":"k3y","insecure":true})");
  CHECK(offer().insecure == "true");
}

}  // namespace socbridge::profile
