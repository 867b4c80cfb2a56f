// SPDX-License-Identifier: Apache-2.0
#include "spool/given_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/skip.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::spool;

TEST_CASE("root may make a spool directly in the queue of the home, or where packages have it") {
  CHECK(may_be_spool("/var/ossec/queue/w2thive", "/var/ossec"));
  CHECK(may_be_spool("/var/ossec/queue/other name", "/var/ossec"));
  CHECK(may_be_spool("/var/spool/w2thive", "/var/ossec"));
  CHECK(may_be_spool("/var/spool/w2thive", ""));
}

TEST_CASE("root makes a spool nowhere else, whatever the configuration names") {
  for (const char* dir :
       {"", "/", "/etc/systemd/system/x.service.d", "/var/ossec/queue", "/var/ossec/queue/",
        "/var/ossec/queue/.", "/var/ossec/queue/..", "/var/ossec/queue/../etc",
        "/var/ossec/queue/a/b", "/var/ossec/queue/w2thive/", "/var/ossec/queuex/w2thive",
        "/var/ossec2/queue/w2thive", "/var/spool/w2thive/", "/var/spool/w2thive2",
        "queue/w2thive"}) {
    CAPTURE(dir);
    CHECK_FALSE(may_be_spool(dir, "/var/ossec"));
  }
  CHECK_FALSE(may_be_spool("/queue/w2thive", ""));  // without a home none of its folders
}

TEST_CASE("the spool's own folder is named as one word of a shell") {
  CHECK(name_own_folder("/var/ossec") == "set spool_dir to /var/ossec/queue/w2thive");
  CHECK(name_own_folder("/a b") == "set spool_dir to '/a b/queue/w2thive'");
}

TEST_CASE("a spool that the operator names is made by one command") {
  CHECK(how_to_make("/srv/a b", {998, 997, "wazuh"}) ==
        "install -d -m 0700 -o 998 -g 997 -- '/srv/a b'");
}

TEST_CASE(
    "the command that makes a spool is given only where none but root can lead it elsewhere") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  constexpr uid_t kOther = 65534;
  const test::TempDir folder;
  const std::string home = folder.path(), own = "set spool_dir to " + home + "/queue/w2thive";
  const std::string made = "install -d -m 0700 -o 65534 -g 65534 -- ";
  const Whose whose{kOther, kOther, "nobody", home};
  // Folders above that are not there yet are looked for further up.
  CHECK(how_to_make(home + "/queue/w2thive", whose) == made + home + "/queue/w2thive");
  CHECK(how_to_make(home + "/a/b/c", whose) ==
        own + ", or if it is the right place: " + made + home + "/a/b/c");
  const std::string queue = folder.folder("queue");
  REQUIRE(::chown(queue.c_str(), kOther, kOther) == 0);
  CHECK(how_to_make(home + "/queue/w2thive", whose) ==
        "run socctl setup wazuh --write --only spool as root");
  CHECK(how_to_make(home + "/queue/a/b", whose) == own);
  // A link of that user's above is not a way for root either.
  REQUIRE(::symlink("/srv", (folder / "link").c_str()) == 0);
  REQUIRE(::lchown((folder / "link").c_str(), kOther, kOther) == 0);
  CHECK(how_to_make(home + "/link/sp", whose) == own);
}
