// SPDX-License-Identifier: Apache-2.0
#include "web/worker.h"

#include <pthread.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>

#include "base/time.h"

namespace socbridge::web {
namespace {

// While it exists no thread can start: there is no memory for a stack of this size.
class NoThread {
 public:
  NoThread() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 60);
    REQUIRE(pthread_setattr_default_np(&huge) == 0);
    pthread_attr_destroy(&huge);
  }
  ~NoThread() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThread(const NoThread&) = delete;
  NoThread& operator=(const NoThread&) = delete;

 private:
  pthread_attr_t before_;
};

TEST_CASE("without a thread a job is refused, and the next one tries again") {
  std::atomic<int> done = 0;
  Worker worker;
  {
    const NoThread none;
    CHECK_FALSE(worker.give([&done] { done += 10; }));
  }
  REQUIRE(worker.give([&done] { ++done; }));
  const Deadline deadline = Deadline::after_ms(10000);
  while (done == 0 && !deadline.passed()) sleep_ms(1);
  worker.stop();
  CHECK(done == 1);
}

}  // namespace
}  // namespace socbridge::web
