// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <optional>

#include "test_support.h"
#include "wazuh/invocation.h"

using namespace socbridge;
using namespace socbridge::wazuh;
using socbridge::wazuh::test::TempDir;

namespace {

constexpr const char* kVariable = "SOCBRIDGE_WAZUH_HOME";

// Sets or clears the override and changes to a folder; both are restored at the end.
class Scene {
 public:
  Scene(const char* override_home, const std::string& folder) {
    if (const char* before = std::getenv(kVariable)) saved_ = before;
    std::array<char, 4096> here{};
    REQUIRE(getcwd(here.data(), here.size()) != nullptr);
    here_ = here.data();
    REQUIRE(chdir(folder.c_str()) == 0);
    if (override_home != nullptr) {
      setenv(kVariable, override_home, 1);
    } else {
      unsetenv(kVariable);
    }
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  ~Scene() {
    static_cast<void>(chdir(here_.c_str()) == 0);
    if (saved_) {
      setenv(kVariable, saved_->c_str(), 1);
    } else {
      unsetenv(kVariable);
    }
  }

 private:
  std::optional<std::string> saved_;
  std::string here_;
};

}  // namespace

TEST_CASE("home: the override wins, without trailing slashes") {
  TempDir dir;
  dir.folder("integrations");
  {
    const Scene scene("/opt/wazuh//", dir.path());
    CHECK(find_home() == "/opt/wazuh");
  }
  const Scene scene("/", dir.path());
  CHECK(find_home() == "/");
}

TEST_CASE("home: a relative or empty override is none") {
  TempDir dir;
  for (const char* odd : {"", "wazuh"}) {
    const Scene scene(odd, dir.path());
    CHECK(find_home() == "/var/ossec");
  }
}

TEST_CASE("home: never the working directory, whatever its content") {
  TempDir dir;
  dir.folder("integrations");
  dir.folder("etc");
  dir.write("integrations/custom-w2thive", "");
  const Scene scene(nullptr, dir.path());
  CHECK(find_home() == "/var/ossec");
}

TEST_CASE("home: the program's name is the file's, whatever argv[0] is") {
  CHECK(own_name() == "unit_wazuh");
}
