#include "wazuh/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace socbridge::wazuh {

struct ByteSource::Impl {
  int fd = -1;  // belongs to `file`
  std::string name;
  gzFile file = nullptr;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (file != nullptr) gzclose_r(file);
  }
};

ByteSource::ByteSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(Env& env, const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->name = path == "-" ? "standard input" : printable(path, 300);
  int fd = -1;
  if (path == "-") {
    fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  } else {
    auto opened = env.open_read(path);
    if (!opened.ok()) return Status::error(ExitCode::bad_input, opened.status().message());
    const auto info = env.fstat(opened->get());
    if (info.ok() && info->is_dir()) {
      return Status::error(ExitCode::bad_input, impl->name + " is a folder, not a file of alerts");
    }
    fd = opened->release();
  }
  impl->fd = fd;
  // zlib reads what is not gzip as it is.
  impl->file = fd < 0 ? nullptr : gzdopen(fd, "rb");
  if (impl->file == nullptr) {
    if (fd >= 0) ::close(fd);
    return Status::error(ExitCode::failure, "cannot read " + impl->name);
  }
  constexpr unsigned kBuffer = 131072;
  gzbuffer(impl->file, kBuffer);
  return ByteSource(std::move(impl));
}

Result<bool> ByteSource::more(std::string& out) {
  constexpr unsigned kPiece = 65536;
  const std::size_t had = out.size();
  out.resize(had + kPiece);
  const int n = gzread(impl_->file, out.data() + had, kPiece);
  out.resize(had + static_cast<std::size_t>(n > 0 ? n : 0));
  int code = Z_OK;
  const char* why = gzerror(impl_->file, &code);
  if (n < 0 || (n == 0 && code == Z_BUF_ERROR)) {
    const std::string reason = code == Z_ERRNO ? "read error" : printable(why, 100);
    return Status::error(ExitCode::bad_input,
                         "cannot read " + impl_->name + " to its end: " + reason);
  }
  return n > 0;
}

Status ByteSource::skip(std::uint64_t bytes) {
  // A damaged file says so at the next more().
  if (gzseek(impl_->file, static_cast<z_off_t>(bytes), SEEK_CUR) >= 0) return {};
  return Status::error(ExitCode::bad_input,
                       "cannot read " + impl_->name + " at byte " + std::to_string(bytes));
}

Result<FileInfo> ByteSource::info(Env& env) const { return env.fstat(impl_->fd); }

std::uint64_t ByteSource::raw_offset() const {
  const z_off_t at = gzoffset(impl_->file);
  return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

}  // namespace socbridge::wazuh
