// Stands in for libcuda.so.1 on a machine without a card: the functions of the driver that the engine calls, in front of
// kernels that g++ compiled. It really runs them, slowly. What it can not show: races between warps, and speed.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ucontext.h>

namespace stand_in {

Place place;

static std::map<std::string, Kernel> &kernels() {
  static std::map<std::string, Kernel> all;
  return all;
}

void add(Kernel kernel) { kernels()[kernel.name] = std::move(kernel); }

// One thread of a block. It begins by ucontext and takes turns by longjmp, which asks nothing of the kernel.
struct Fiber {
  static constexpr size_t STACK = 64 * 1024;
  std::unique_ptr<char[]> stack{new char[STACK]};
  ucontext_t begin;
  jmp_buf turn;
  Place where;
  bool begun = false;
  bool ended = false;
  bool waitsForBlock = false;
  bool waitsForWarp = false;
};

struct Block {
  std::vector<Fiber> fibers;
  size_t size = 0;
  Fiber *running = nullptr;
  jmp_buf scheduler;
  const Kernel *kernel = nullptr;
  void **arguments = nullptr;
  char lanes[32][32][32];
};

static Block block;

static void giveTurn() {
  if (_setjmp(block.running->turn) == 0) {
    _longjmp(block.scheduler, 1);
  }
}

void waitForBlock() {
  block.running->waitsForBlock = true;
  giveTurn();
}

void waitForWarp() {
  block.running->waitsForWarp = true;
  giveTurn();
}

void *laneStorage(unsigned lane) { return block.lanes[place.thread.x / 32][lane]; }

// A fiber is begun once, and then runs its thread of one block after the other.
static void runThreads() {
  while (true) {
    block.kernel->call(block.kernel->function, block.arguments);
    block.running->ended = true;
    giveTurn();
  }
}

static void takeTurn(Fiber &fiber) {
  block.running = &fiber;
  place = fiber.where;
  if (_setjmp(block.scheduler) != 0) {
    return;
  }
  if (fiber.begun) {
    _longjmp(fiber.turn, 1);
  }
  fiber.begun = true;
  getcontext(&fiber.begin);
  fiber.begin.uc_stack.ss_sp = fiber.stack.get();
  fiber.begin.uc_stack.ss_size = Fiber::STACK;
  fiber.begin.uc_link = nullptr;
  makecontext(&fiber.begin, runThreads, 0);
  setcontext(&fiber.begin);
}

// Lets those go on that wait for each other and have all arrived; false if nobody can go on.
static bool open() {
  bool any = false;
  for (size_t from = 0; from < block.size; from += 32) {
    size_t to = std::min(from + 32, block.size);
    bool all = true;
    bool some = false;
    for (size_t i = from; i < to; i++) {
      Fiber &fiber = block.fibers[i];
      all &= fiber.ended || fiber.waitsForWarp;
      some |= fiber.waitsForWarp;
    }
    if (all && some) {
      for (size_t i = from; i < to; i++) {
        block.fibers[i].waitsForWarp = false;
      }
      any = true;
    }
  }
  if (any) {
    return true;
  }
  for (size_t i = 0; i < block.size; i++) {
    Fiber &fiber = block.fibers[i];
    if (!fiber.ended && !fiber.waitsForBlock) {
      return false;
    }
    any |= !fiber.ended;
  }
  for (size_t i = 0; i < block.size; i++) {
    block.fibers[i].waitsForBlock = false;
  }
  return any;
}

static void runBlock() {
  while (true) {
    for (size_t i = 0; i < block.size; i++) {
      Fiber &fiber = block.fibers[i];
      if (!fiber.ended && !fiber.waitsForBlock && !fiber.waitsForWarp) {
        takeTurn(fiber);
      }
    }
    if (!open()) {
      return;
    }
  }
}

static bool allEnded() {
  return std::all_of(block.fibers.begin(), block.fibers.begin() + block.size,
                     [](const Fiber &fiber) { return fiber.ended; });
}

static void launch(const Kernel &kernel, dim3 blocks, dim3 threads, void **arguments) {
  block.kernel = &kernel;
  block.arguments = arguments;
  block.size = threads.x;
  if (block.fibers.size() < block.size) {
    block.fibers = std::vector<Fiber>(block.size);
  }
  for (unsigned z = 0; z < blocks.z; z++) {
    for (unsigned y = 0; y < blocks.y; y++) {
      for (unsigned x = 0; x < blocks.x; x++) {
        for (unsigned thread = 0; thread < threads.x; thread++) {
          Fiber &fiber = block.fibers[thread];
          fiber.where = {{thread, 0, 0}, {x, y, z}, threads, blocks};
          fiber.ended = fiber.waitsForBlock = fiber.waitsForWarp = false;
        }
        runBlock();
        if (!allEnded()) {
          std::fprintf(stderr, "stand-in: threads of %s wait for others that never come\n", kernel.name.c_str());
          std::abort();
        }
      }
    }
  }
}

// A captured launch, or a copy.
using Work = std::function<void()>;

struct Graph {
  std::vector<Work> works;
};

struct Stream {
  std::unique_ptr<Graph> captured;
};

struct Module {
  std::string ptx;
};

struct Function {
  const Kernel *kernel;
};

static std::mutex lock;
static std::map<char *, size_t> memory;
static size_t used = 0;

// A card that a kernel has crashed: it refuses everything until its context is left. STAND_IN_CRASH is the number of the launch of a
// graph or kernel that does it; the one after that time works again.
static bool crashed = false;
static long launches = 0;

static bool crashes() {
  static const char *at = std::getenv("STAND_IN_CRASH");
  launches++;
  crashed = crashed || (at != nullptr && launches == std::atol(at));
  return crashed;
}

// As much as an RTX 3070 has.
static size_t total() { return 8ULL << 30; }

// On a card every address of an argument must be of memory that was given out; here only copies are checked.
static bool owned(char *address, size_t bytes) {
  auto next = memory.upper_bound(address);
  if (next == memory.begin()) {
    return false;
  }
  --next;
  return address + bytes <= next->first + next->second;
}

static int doOrCapture(Stream *stream, Work work) {
  if (stream != nullptr && stream->captured != nullptr) {
    stream->captured->works.push_back(std::move(work));
  } else {
    work();
  }
  return 0;
}

} // namespace stand_in

using namespace stand_in;

enum {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  INVALID_DEVICE = 101,
  INVALID_PTX = 218,
  NOT_FOUND = 500,
  ILLEGAL_ADDRESS = 700
};

extern "C" {

int cuInit(unsigned) { return SUCCESS; }

int cuDriverGetVersion(int *version) {
  *version = 11000;
  return SUCCESS;
}

int cuGetErrorName(int error, const char **name) {
  static const std::map<int, const char *> names = {
      {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},   {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
      {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"}, {INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
      {NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},           {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"}};
  auto found = names.find(error);
  *name = found == names.end() ? nullptr : found->second;
  return found == names.end() ? INVALID_VALUE : SUCCESS;
}

int cuGetErrorString(int error, const char **text) {
  *text = error == OUT_OF_MEMORY ? "out of memory" : "an error of the stand-in";
  return SUCCESS;
}

int cuDeviceGetCount(int *count) {
  *count = 1;
  return SUCCESS;
}

int cuDeviceGet(int *device, int ordinal) {
  *device = ordinal;
  return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

int cuDeviceGetName(char *name, int length, int) {
  std::snprintf(name, length, "Stand-in on a CPU");
  return SUCCESS;
}

int cuDeviceGetUuid(char *uuid, int) {
  for (int i = 0; i < 16; i++) {
    uuid[i] = (char)(0xa0 + i);
  }
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t *bytes, int) {
  *bytes = total();
  return SUCCESS;
}

int cuDeviceGetAttribute(int *value, int attribute, int) {
  // Compute capability 8.6 and 4 multiprocessors.
  *value = attribute == 75 ? 8 : attribute == 76 ? 6 : attribute == 16 ? 4 : 0;
  return SUCCESS;
}

int cuDevicePrimaryCtxRetain(void **context, int) {
  static int one;
  *context = &one;
  return SUCCESS;
}

// Frees what is left in it, as the driver does.
int cuDevicePrimaryCtxRelease_v2(int) {
  std::lock_guard<std::mutex> guard(lock);
  int result = crashed ? ILLEGAL_ADDRESS : SUCCESS;
  if (crashed) {
    for (const auto &piece : memory) {
      std::free(piece.first);
    }
    memory.clear();
    used = 0;
    crashed = false;
  }
  return result;
}

int cuCtxSetCurrent(void *) { return SUCCESS; }

int cuMemGetInfo_v2(size_t *free, size_t *all) {
  std::lock_guard<std::mutex> guard(lock);
  *all = total();
  *free = total() - used;
  return SUCCESS;
}

// Filled with what is no number, as nobody may rely on what fresh memory holds.
int cuMemAlloc_v2(char **address, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashed) {
    return ILLEGAL_ADDRESS;
  }
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (used + bytes > total()) {
    return OUT_OF_MEMORY;
  }
  *address = static_cast<char *>(std::malloc(bytes));
  if (*address == nullptr) {
    return OUT_OF_MEMORY;
  }
  std::memset(*address, 0xff, std::min(bytes, size_t(256) << 20)); // More than that only fills the card, for a test.
  memory[*address] = bytes;
  used += bytes;
  return SUCCESS;
}

int cuMemFree_v2(char *address) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashed) {
    return ILLEGAL_ADDRESS;
  }
  auto found = memory.find(address);
  if (found == memory.end()) {
    return INVALID_VALUE;
  }
  used -= found->second;
  memory.erase(found);
  std::free(address);
  return SUCCESS;
}

int cuMemcpyHtoDAsync_v2(char *to, const void *from, size_t bytes, Stream *stream) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashed) {
    return ILLEGAL_ADDRESS;
  }
  if (!owned(to, bytes)) {
    return INVALID_VALUE;
  }
  return doOrCapture(stream, [=] { std::memcpy(to, from, bytes); });
}

int cuMemcpyDtoHAsync_v2(void *to, char *from, size_t bytes, Stream *stream) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashed) {
    return ILLEGAL_ADDRESS;
  }
  if (!owned(from, bytes)) {
    return INVALID_VALUE;
  }
  return doOrCapture(stream, [=] { std::memcpy(to, from, bytes); });
}

int cuMemsetD8Async(char *to, unsigned char value, size_t bytes, Stream *stream) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashed) {
    return ILLEGAL_ADDRESS;
  }
  if (!owned(to, bytes)) {
    return INVALID_VALUE;
  }
  return doOrCapture(stream, [=] { std::memset(to, value, bytes); });
}

int cuModuleLoadDataEx(Module **module, const char *ptx, unsigned, int *, void **) {
  *module = new Module{ptx};
  return (*module)->ptx.find(".version") == std::string::npos ? INVALID_PTX : SUCCESS;
}

int cuModuleUnload(Module *module) {
  delete module;
  return SUCCESS;
}

int cuModuleGetFunction(Function **function, Module *module, const char *name) {
  auto found = kernels().find(name);
  bool inModule = module->ptx.find(".entry " + std::string(name) + "(") != std::string::npos;
  if (!inModule || found == kernels().end()) {
    return NOT_FOUND;
  }
  static std::map<std::string, Function> functions;
  std::lock_guard<std::mutex> guard(lock);
  functions[name] = {&found->second};
  *function = &functions[name];
  return SUCCESS;
}

int cuStreamCreate(Stream **stream, unsigned) {
  *stream = new Stream;
  return SUCCESS;
}

int cuStreamDestroy_v2(Stream *stream) {
  delete stream;
  return SUCCESS;
}

int cuStreamSynchronize(Stream *) { return crashed ? ILLEGAL_ADDRESS : SUCCESS; }

int cuStreamBeginCapture_v2(Stream *stream, int) {
  stream->captured.reset(new Graph);
  return SUCCESS;
}

int cuStreamEndCapture(Stream *stream, Graph **graph) {
  *graph = stream->captured.release();
  return SUCCESS;
}

int cuGraphInstantiate_v2(Graph **executable, Graph *graph, void *, char *, size_t) {
  *executable = new Graph(*graph);
  return SUCCESS;
}

int cuGraphDestroy(Graph *graph) {
  delete graph;
  return SUCCESS;
}

int cuGraphExecDestroy(Graph *executable) {
  delete executable;
  return SUCCESS;
}

int cuGraphLaunch(Graph *executable, Stream *) {
  std::lock_guard<std::mutex> guard(lock);
  if (crashes()) {
    return SUCCESS; // It comes to light later.
  }
  for (const Work &work : executable->works) {
    work();
  }
  return SUCCESS;
}

int cuLaunchKernel(Function *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned, Stream *stream, void **arguments, void **) {
  std::lock_guard<std::mutex> guard(lock);
  if (gridX == 0 || gridY == 0 || gridZ == 0 || blockX == 0 || blockX > 1024 || blockY != 1 || blockZ != 1 ||
      gridY > 65535 || gridZ > 65535) {
    return INVALID_VALUE;
  }
  if (stream->captured == nullptr && crashes()) {
    return SUCCESS; // It comes to light later.
  }
  const Kernel *kernel = function->kernel;
  std::vector<std::vector<char>> values;
  for (size_t i = 0; i < kernel->argumentSizes.size(); i++) {
    const char *value = static_cast<const char *>(arguments[i]);
    values.emplace_back(value, value + kernel->argumentSizes[i]);
  }
  return doOrCapture(stream, [=] {
    std::vector<void *> pointers;
    for (const std::vector<char> &value : values) {
      pointers.push_back(const_cast<char *>(value.data()));
    }
    launch(*kernel, {gridX, gridY, gridZ}, {blockX, 1, 1}, pointers.data());
  });
}
}
