// SPDX-License-Identifier: Apache-2.0
// Which paths may block on a special file in place of a file, and which may not.
#include "base/named_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/time.h"
#include "support/temp_dir.h"

namespace socbridge {
namespace {

namespace fs = std::filesystem;

struct Place {
  Place() {
    fifo = top + "/fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  }
  ~Place() { stop_waiting_when(nullptr); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  test::TempDir folder;
  std::string top = folder.path(), fifo;
};

std::atomic<bool> stopped{false};

}  // namespace

TEST_CASE("anything else in place of a file is named, and opening does not block") {
  const Place place;
  const std::string socket = place.top + "/socket";
  const Fd bound(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(bound.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  Env& env = Env::real();
  const std::int64_t began = steady_now_ms();
  for (const auto& [path, kind] :
       {std::pair(place.fifo, "a FIFO"), std::pair(socket, "a socket"),
        std::pair(place.top, "a folder"), std::pair(std::string("/dev/zero"), "a device")}) {
    INFO(path);
    for (const Status& status : {env.open_read(path).status(), env.read_file(path, 10).status()}) {
      CHECK_THAT(status.message(), Catch::Contains(path + ": it is " + kind + ", not a file"));
    }
  }
  CHECK_THAT(env.open_append(place.fifo, 0600).status().message(), Catch::Contains("a FIFO"));
  CHECK_THAT(env.open_rw(place.fifo, 0600).status().message(), Catch::Contains("a FIFO"));
  CHECK(steady_now_ms() - began < 1000);
  CHECK(env.read_file("/proc/self/stat", 10000).ok());
}

TEST_CASE("named input is read completely, waiting for more if necessary") {
  const Place place;
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    const Fd end(::open(place.fifo.c_str(), O_WRONLY));
    for (const char* piece : {"first ", "second"}) {
      CHECK(::write(end.get(), piece, std::string_view(piece).size()) > 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  const auto text = read_all_named(place.fifo, 100);
  writer.join();
  REQUIRE(text.ok());
  CHECK(*text == "first second");
  CHECK(read_all_named(place.top + "/none", 100).status().sys_errno() == ENOENT);
  CHECK(read_all_named("/proc/self/stat", 3).status().sys_errno() == EFBIG);
}

TEST_CASE("a request to stop ends the wait for input") {
  const Place place;
  stopped = false;
  stop_waiting_when([] { return stopped.load(); });
  std::thread person([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    stopped = true;
  });
  const auto text = read_all_named(place.fifo, 100);
  person.join();
  CHECK(text.status().code() == ExitCode::interrupted);
}

}  // namespace socbridge
