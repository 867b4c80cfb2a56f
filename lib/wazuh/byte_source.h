#pragma once

#include <memory>
#include <string>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::wazuh {

// Reads a file or standard input (`-`) in pieces, gunzipped if it begins as gzip does.
class ByteSource {
 public:
  static Result<ByteSource> open(Env& env, const std::string& path);
  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) noexcept;
  ~ByteSource();

  // Appends the next piece to `out`. False at the end.
  Result<bool> more(std::string& out);

 private:
  struct Impl;
  explicit ByteSource(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::wazuh
