// SPDX-License-Identifier: Apache-2.0
#include "wazuh/input_file.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/named_file.h"
#include "base/text.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kPiece = 65536;
constexpr unsigned char kMagic[] = {0x1F, 0x8B};

}  // namespace

bool is_alerts_log(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "alerts.json" || (name.starts_with("ossec-alerts-") && name.ends_with(".json"));
}

// zlib's gz functions would silently skip data after a gzip member.
struct InputFile::Impl {
  enum class Form { unknown, plain, gzip };

  Fd fd;
  std::string name;
  Form form = Form::unknown;
  bool at_end = false;     // of the file on disk
  bool in_member = false;  // inside a gzip member
  bool ready = false;      // the zlib stream is initialised
  std::uint64_t raw = 0;   // bytes read from disk
  std::vector<unsigned char> input = std::vector<unsigned char>(2 * kPiece);
  z_stream stream{};

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (ready) inflateEnd(&stream);
  }

  Status cannot(const std::string& why) const {
    return Status::error(ExitCode::bad_input, "cannot read " + name + " to its end: " + why);
  }

  // Reads more input, after moving the unused rest to the front.
  Status fill() {
    if (stream.avail_in > 0) std::copy_n(stream.next_in, stream.avail_in, input.data());
    stream.next_in = input.data();
    const std::size_t room = input.size() - stream.avail_in;
    const auto n =
        read_named(fd.get(), reinterpret_cast<char*>(input.data()) + stream.avail_in, room);
    if (!n.ok()) {
      return n.status().code() == ExitCode::interrupted ? n.status() : cannot("read error");
    }
    at_end = *n == 0;
    raw += *n;
    stream.avail_in += static_cast<unsigned>(*n);
    return {};
  }

  bool at_magic() const {
    return stream.avail_in >= sizeof kMagic &&
           std::equal(std::begin(kMagic), std::end(kMagic), stream.next_in);
  }

  // Checks for gzip at the beginning of the file and after each gzip member.
  Status look() {
    while (stream.avail_in < sizeof kMagic && !at_end) {
      if (Status bad = fill(); !bad.ok()) return bad;
    }
    if (!at_magic()) {
      if (form == Form::unknown) form = Form::plain;
      return {};
    }
    form = Form::gzip;
    in_member = true;
    constexpr int kGzip = MAX_WBITS + 16;
    const int code = ready ? inflateReset(&stream) : inflateInit2(&stream, kGzip);
    ready = code == Z_OK;
    return ready ? Status() : Status::error(ExitCode::failure, "cannot read " + name);
  }

  // Zeros may pad the last block; any other data would be lost.
  Status behind_members() {
    while (true) {
      const bool zeros = std::all_of(stream.next_in, stream.next_in + stream.avail_in,
                                     [](unsigned char byte) { return byte == 0; });
      if (!zeros) return cannot("the data after its gzip data is not gzip");
      stream.avail_in = 0;
      if (at_end) return {};
      if (Status bad = fill(); !bad.ok()) return bad;
    }
  }

  Result<bool> more_plain(std::string& out) {
    if (stream.avail_in == 0) {
      if (Status bad = fill(); !bad.ok()) return bad;
    }
    const unsigned n = std::min<unsigned>(stream.avail_in, kPiece);
    out.append(stream.next_in, stream.next_in + n);
    stream.next_in += n;
    stream.avail_in -= n;
    return n > 0;
  }

  Result<bool> more_gzip(std::string& out) {
    const std::size_t had = out.size();
    out.resize(had + kPiece);
    stream.next_out = reinterpret_cast<unsigned char*>(out.data()) + had;
    stream.avail_out = kPiece;
    Status bad;
    while (bad.ok() && in_member && stream.avail_out == kPiece) {
      if (stream.avail_in == 0) bad = at_end ? cannot("unexpected end of file") : fill();
      if (!bad.ok() || (stream.avail_in == 0 && at_end)) continue;
      const int code = inflate(&stream, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        in_member = false;
        bad = look();
        if (bad.ok() && !in_member) bad = behind_members();
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        bad = cannot(stream.msg != nullptr ? printable(stream.msg, 100) : "damaged gzip");
      }
    }
    out.resize(out.size() - stream.avail_out);
    if (out.size() > had) {
      error = std::move(bad);
      return true;
    }
    if (!bad.ok()) return bad;
    return false;
  }

  Result<bool> more(std::string& out) {
    if (!kept.empty()) {
      out += std::exchange(kept, {});
      return true;
    }
    if (!error.ok()) return error;
    if (form == Form::unknown) {
      if (Status bad = look(); !bad.ok()) return bad;
    }
    return form == Form::gzip ? more_gzip(out) : more_plain(out);
  }

  // Skips plain content by seeking; returns the bytes still to skip if it cannot seek.
  std::uint64_t seek(std::uint64_t bytes) {
    const std::uint64_t beyond = bytes - stream.avail_in;
    if (::lseek(fd.get(), static_cast<off_t>(beyond), SEEK_CUR) < 0) return bytes;  // a pipe
    raw += beyond;
    stream.avail_in = 0;
    return 0;
  }

  Status error;      // occurred after the data already returned
  std::string kept;  // rest of a piece that was partly skipped
};

InputFile::InputFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InputFile::InputFile(InputFile&&) noexcept = default;
InputFile& InputFile::operator=(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

Result<InputFile> InputFile::open(Env& env, const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->name = name_of_input(path);
  auto opened = open_named(path);
  if (!opened.ok()) return Status::error(ExitCode::bad_input, opened.status().message());
  impl->fd = std::move(*opened);
  const auto info = env.fstat(impl->fd.get());
  if (info.ok() && info->is_dir()) {
    return Status::error(ExitCode::bad_input, impl->name + " is a folder, not a file of alerts");
  }
  return InputFile(std::move(impl));
}

Result<bool> InputFile::more(std::string& out) { return impl_->more(out); }

Status InputFile::skip(std::uint64_t bytes) {
  std::string passed;
  std::uint64_t left = bytes;
  while (left > 0) {
    passed.clear();
    const auto more = impl_->more(passed);
    if (!more.ok()) {
      impl_->error = more.status();  // as when reading: the next more() returns it
      return {};
    }
    if (!*more) return {};
    if (passed.size() > left) {
      // The rest of the piece is not skipped.
      impl_->kept = passed.substr(static_cast<std::size_t>(left));
      return {};
    }
    left -= passed.size();
    if (impl_->form == Impl::Form::plain && left > impl_->stream.avail_in) left = impl_->seek(left);
  }
  return {};
}

Result<FileInfo> InputFile::info(Env& env) const { return env.fstat(impl_->fd.get()); }

std::uint64_t InputFile::raw_offset() const { return impl_->raw - impl_->stream.avail_in; }

}  // namespace socbridge::wazuh
