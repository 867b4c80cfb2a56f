// SPDX-License-Identifier: Apache-2.0
#include "base/privileged_files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <mutex>
#include <system_error>

#include "base/text.h"

namespace socbridge {
namespace {

// The first byte of a request; the path follows.
enum class Operation : char {
  open = 'o',
  open_file = 'f',    // as open_trusted()
  open_folder = 'd',  // as open_trusted()
  replace = 'r',      // by the bytes of the file sent with the request
  replace_for_all = 'a'
};

constexpr std::size_t kMostRequest = PATH_MAX + 1;
constexpr std::size_t kMostOutput = std::size_t{1} << 30;

Status refused(const std::string& path, int error) {
  Status status = Status::error(ExitCode::failure, "cannot open " + printable(path, 300) + ": " +
                                                       std::generic_category().message(error));
  status.with_errno(error);
  return status;
}

// One datagram with at most one descriptor.
class Datagram {
 public:
  explicit Datagram(std::size_t room) : bytes(room, '\0') {}

  bool send(int socket, int fd) {
    prepare();
    if (fd < 0) {
      message_.msg_control = nullptr;
      message_.msg_controllen = 0;
    } else {
      cmsghdr* header = CMSG_FIRSTHDR(&message_);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof fd);
      std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    while (true) {
      const ssize_t n = ::sendmsg(socket, &message_, MSG_NOSIGNAL);
      if (n >= 0 || errno != EINTR) return n >= 0;
    }
  }

  // False at the end of the connection.
  bool receive(int socket, Fd& fd) {
    prepare();
    ssize_t n = 0;
    do {
      n = ::recvmsg(socket, &message_, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) return false;
    bytes.resize(static_cast<std::size_t>(n));
    const cmsghdr* header = CMSG_FIRSTHDR(&message_);
    if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
      int got = -1;
      std::memcpy(&got, CMSG_DATA(header), sizeof got);
      fd = Fd(got);
    }
    return true;
  }

  std::string bytes;

 private:
  void prepare() {
    part_ = {bytes.data(), bytes.size()};
    message_ = {};
    message_.msg_iov = &part_;
    message_.msg_iovlen = 1;
    message_.msg_control = control_.data();
    message_.msg_controllen = control_.size();
  }

  iovec part_{};
  msghdr message_{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control_{};
};

// The process that keeps root's rights.
class Server {
 public:
  Server(int socket, const PrivilegedFiles& files) : socket_(socket), files_(files) {
    for (std::string& path : files_.readable) {
      while (path.size() > 1 && path.back() == '/') path.pop_back();
    }
  }

  void run() {
    while (true) {
      Datagram request(kMostRequest);
      Fd came;
      if (!request.receive(socket_, came)) return;
      Fd found;
      const int error = answer(request.bytes, came, found);
      Datagram reply(sizeof error);
      std::memcpy(reply.bytes.data(), &error, sizeof error);
      if (!reply.send(socket_, found.get())) return;
    }
  }

 private:
  int answer(const std::string& request, const Fd& came, Fd& found) {
    const Operation operation = static_cast<Operation>(request.front());
    const std::string path = request.substr(1);
    if (operation == Operation::replace || operation == Operation::replace_for_all)
      return replace(operation, path, came);
    std::string below;
    const std::string root = named(path, below);
    if (root.empty()) return EACCES;
    if (operation == Operation::open) return open_below(root, below, found);
    auto fd = open_trusted(path, Trust{},
                           operation == Operation::open_folder ? PathKind::folder : PathKind::file);
    if (!fd.ok()) return fd.status().sys_errno();
    found = std::move(*fd);
    return 0;
  }

  // The named path that covers this path, and the part after it.
  std::string named(const std::string& path, std::string& below) const {
    for (const std::string& root : files_.readable) {
      if (root.empty() || !path.starts_with(root)) continue;
      if (path.size() == root.size()) return root;
      if (root != "/" && path[root.size()] != '/') continue;
      below = path.substr(root.size());
      return root;
    }
    return {};
  }

  static int open_below(const std::string& root, const std::string& below, Fd& found) {
    constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    Fd fd(::open(root.c_str(), kFlags));
    for (const std::string_view name : split(below, '/')) {
      if (!fd.valid()) break;
      if (name.empty() || name == ".") continue;
      if (name == "..") return EACCES;
      fd = Fd(::openat(fd.get(), std::string(name).c_str(), kFlags | O_NOFOLLOW));
    }
    if (!fd.valid()) return errno == ELOOP ? EACCES : errno;  // a link below the folder
    // O_NONBLOCK was for open() only.
    struct stat info {};
    if (::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode)) ::fcntl(fd.get(), F_SETFL, 0);
    found = std::move(fd);
    return 0;
  }

  int replace(Operation operation, const std::string& path, const Fd& came) {
    if (path.empty() || path != files_.replaceable || !came.valid()) return EACCES;
    Env& env = Env::real();
    if (::lseek(came.get(), 0, SEEK_SET) != 0) return errno;
    const auto bytes = env.read_all(came.get(), kMostOutput);
    if (!bytes.ok()) return bytes.status().sys_errno();
    const Readers readers =
        operation == Operation::replace_for_all ? Readers::all : Readers::by_umask;
    const Status done = replace_for_readers(env, path, *bytes, readers);
    return done.ok() ? 0 : done.sys_errno();
  }

  int socket_;
  PrivilegedFiles files_;
};

// This process's end of the connection.
struct Client {
  std::mutex mutex;
  Fd socket;
  std::string replaceable;
};

Client& client() {
  static Client* one = new Client;  // used by threads that outlive main()
  return *one;
}

// Sends a request. Sets `found` to the received descriptor, or returns errno.
int ask(Operation operation, const std::string& path, int fd, Fd& found) {
  Client& one = client();
  const std::lock_guard lock(one.mutex);
  if (!one.socket.valid() || path.size() >= kMostRequest) return EACCES;
  Datagram request(0);
  request.bytes = static_cast<char>(operation) + path;
  int error = 0;
  Datagram reply(sizeof error);
  if (!request.send(one.socket.get(), fd) || !reply.receive(one.socket.get(), found)) {
    return EACCES;
  }
  std::memcpy(&error, reply.bytes.data(), std::min(sizeof error, reply.bytes.size()));
  return error;
}

[[noreturn]] void serve(Fd socket, const PrivilegedFiles& files) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  // Close the inherited output: its reader waits for the last writer to close it.
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  Server(socket.get(), files).run();
  ::_exit(0);
}

}  // namespace

Status keep_files(const PrivilegedFiles& files) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return refused("a pair of sockets", errno);
  }
  Fd ours(ends[0]);
  Fd theirs(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return refused("a second process", errno);
  if (child == 0) {
    ours = Fd();
    serve(std::move(theirs), files);
  }
  Client& one = client();
  const std::lock_guard lock(one.mutex);
  one.socket = std::move(ours);
  one.replaceable = files.replaceable;
  return {};
}

Result<Fd> open_kept(const std::string& path) {
  Fd found;
  const int error = ask(Operation::open, path, -1, found);
  if (error != 0 || !found.valid()) return refused(path, error != 0 ? error : EACCES);
  return found;
}

Result<Fd> open_kept_trusted(const std::string& path, PathKind kind) {
  Fd found;
  const int error = ask(kind == PathKind::folder ? Operation::open_folder : Operation::open_file,
                        path, -1, found);
  if (error != 0 || !found.valid()) return refused(path, error != 0 ? error : EACCES);
  return found;
}

Status replace_kept(Env& env, const std::string& path, std::string_view bytes, Readers readers) {
  bool is_kept = false;
  {
    Client& one = client();
    const std::lock_guard lock(one.mutex);
    is_kept = one.socket.valid() && path == one.replaceable;
  }
  // Outside the lock: replace_for_readers() may itself send a request to that process.
  if (!is_kept) return replace_for_readers(env, path, bytes, readers);
  const Fd memory(::memfd_create("output", MFD_CLOEXEC));
  if (!memory.valid()) return refused("a file in memory", errno);
  if (Status written = env.write_all(memory.get(), bytes); !written.ok()) return written;
  Fd none;
  const int error = ask(readers == Readers::all ? Operation::replace_for_all : Operation::replace,
                        path, memory.get(), none);
  if (error == 0) return {};
  Status status = Status::error(ExitCode::failure, "cannot replace " + printable(path, 300) + ": " +
                                                       std::generic_category().message(error));
  status.with_errno(error);
  return status;
}

}  // namespace socbridge
