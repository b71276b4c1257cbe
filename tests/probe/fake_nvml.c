/* A stand-in for libnvidia-ml.so.1 that reads its answers from the text file named in FAKE_NVML: lines "key=value".
 *
 * Keys: "init=9" (error code of nvmlInit), "count=2", "driver=580.95"; for a device "0.name=...", "0.clock_sm=210,2520"
 * (a list steps on at each call and stays at its end), "0.error.nvmlDeviceGetName=15" (error code), "0.mig.0.name=...".
 * A key that is absent answers NVML_ERROR_NOT_SUPPORTED (3). "hang=nvmlDeviceGetCount_v2" never returns from that call.
 * Compiled with -DOLD_DRIVER the calls that came later are missing altogether. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int R;
typedef struct { int device; int slice; } Handle;
static Handle handles[64];
static int steps[4096];

static unsigned hash(const char *s) { unsigned h = 5381; while (*s) h = h * 33 + (unsigned char)*s++; return h % 4096; }

static char *find(const char *key) {
    static char line[1024], value[8][1024];
    static int turn;
    FILE *file = fopen(getenv("FAKE_NVML") ? getenv("FAKE_NVML") : "", "r");
    size_t n = strlen(key);
    char *found = NULL;
    if (!file) return NULL;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, key, n) && line[n] == '=') {
            found = value[turn = (turn + 1) % 8];
            strcpy(found, line + n + 1);
            found[strcspn(found, "\r\n")] = 0;
        }
    fclose(file);
    return found;
}

static void maybe_hang(const char *call) {
    char *name = find("hang");
    if (name && !strcmp(name, call)) for (;;) sleep(60);
}

static char *ask(Handle *h, const char *what) {
    char key[256];
    if (h && h->slice >= 0) snprintf(key, sizeof key, "%d.mig.%d.%s", h->device, h->slice, what);
    else snprintf(key, sizeof key, "%d.%s", h ? h->device : 0, what);
    char *list = find(key);
    if (!list) return NULL;
    static char item[8][512];
    static int turn;
    char *out = item[turn = (turn + 1) % 8], *part = list;
    if (!strchr(list, ',')) { snprintf(out, 512, "%s", list); return out; }
    for (int i = steps[hash(key)]++; i > 0 && strchr(part, ','); i--) part = strchr(part, ',') + 1;
    snprintf(out, 512, "%s", part);
    out[strcspn(out, ",")] = 0;
    return out;
}

static R error(Handle *h, const char *call) {
    char key[256];
    maybe_hang(call);
    snprintf(key, sizeof key, "error.%s", call);
    char *code = ask(h, key);
    if (code && *code) return atoi(code);
    code = ask(h, "lost");
    return code && atoi(code) ? 15 : 0;
}

#define NUMBER(call, type, what) R call(Handle *h, type *out) { R e = error(h, #call); char *v; if (e) return e; \
    v = ask(h, what); if (!v || !*v) return 3; *out = (type)strtoull(v, NULL, 0); return 0; }
#define CHOICE(call, type, a, b) R call(Handle *h, unsigned which, type *out) { R e = error(h, #call); char *v; \
    if (e) return e; v = ask(h, which == 1 ? a : b); if (!v || !*v) return 3; *out = (type)strtoull(v, NULL, 0); return 0; }
#define PAIR(call, what) R call(Handle *h, unsigned *a, unsigned *b) { R e = error(h, #call); char *v; if (e) return e; \
    v = ask(h, what); if (!v || !*v) return 3; *a = atoi(v); *b = strchr(v, '/') ? atoi(strchr(v, '/') + 1) : *a; return 0; }
#define TEXT(call, what) R call(Handle *h, char *out, unsigned n) { R e = error(h, #call); char *v; if (e) return e; \
    v = ask(h, what); if (!v) return 3; snprintf(out, n, "%s", v); return 0; }

R nvmlInitWithFlags(unsigned flags) { char *v = find("init"); maybe_hang("nvmlInitWithFlags"); return v ? atoi(v) : 0; }
R nvmlInit_v2(void) { return nvmlInitWithFlags(0); }
R nvmlShutdown(void) { return 0; }
const char *nvmlErrorString(R code) { static char text[64]; snprintf(text, 64, "fake error %d", code); return text; }
static R system_text(const char *what, char *out, unsigned n) { char *v = find(what); if (!v) return 3; snprintf(out, n, "%s", v); return 0; }
R nvmlSystemGetDriverVersion(char *out, unsigned n) { return system_text("driver", out, n); }
R nvmlSystemGetNVMLVersion(char *out, unsigned n) { return system_text("nvml", out, n); }
R nvmlSystemGetCudaDriverVersion_v2(int *out) { char *v = find("cuda"); if (!v) return 3; *out = atoi(v); return 0; }
R nvmlDeviceGetCount_v2(unsigned *out) { char *v = find("count"); maybe_hang("nvmlDeviceGetCount_v2"); *out = v ? atoi(v) : 0; return 0; }

static R handle_of(int device, int slice, Handle **out) {
    Handle *h = &handles[device * 8 + slice + 1];
    h->device = device; h->slice = slice; *out = h;
    return 0;
}
R nvmlDeviceGetHandleByIndex_v2(unsigned i, Handle **out) { Handle h = {(int)i, -1}; R e = error(&h, "nvmlDeviceGetHandleByIndex_v2"); return e ? e : handle_of(i, -1, out); }
R nvmlDeviceGetHandleByPciBusId_v2(const char *bus, Handle **out) {
    for (int i = 0; i < 8; i++) { Handle h = {i, -1}; char *v = ask(&h, "bus"); if (v && !strcmp(v, bus)) return handle_of(i, -1, out); }
    return 6;
}
R nvmlDeviceGetMigDeviceHandleByIndex(Handle *h, unsigned i, Handle **out) {
    Handle slice = {h->device, (int)i};
    return ask(&slice, "name") ? handle_of(h->device, i, out) : 6;
}
NUMBER(nvmlDeviceGetMaxMigDeviceCount, unsigned, "mig_max")
PAIR(nvmlDeviceGetMigMode, "mig_mode")
TEXT(nvmlDeviceGetName, "name")
TEXT(nvmlDeviceGetUUID, "uuid")

typedef struct { char old[16]; unsigned domain, bus, device, ids, subsystem; char id[32]; } Pci;
R nvmlDeviceGetPciInfo_v3(Handle *h, Pci *out) {
    R e = error(h, "nvmlDeviceGetPciInfo_v3"); char *v; if (e) return e;
    v = ask(h, "bus"); if (!v) return 3;
    memset(out, 0, sizeof *out); snprintf(out->id, 32, "%s", v); return 0;
}
R nvmlDeviceGetCudaComputeCapability(Handle *h, int *a, int *b) {
    R e = error(h, "nvmlDeviceGetCudaComputeCapability"); char *v; if (e) return e;
    v = ask(h, "cc"); if (!v) return 3;
    *a = atoi(v); *b = strchr(v, '.') ? atoi(strchr(v, '.') + 1) : 0; return 0;
}
typedef struct { unsigned long long total, free, used; } Memory;
R nvmlDeviceGetMemoryInfo(Handle *h, Memory *out) {
    R e = error(h, "nvmlDeviceGetMemoryInfo"); char *v; if (e) return e;
    v = ask(h, "memory_mib"); if (!v) return 3;
    out->total = strtoull(v, NULL, 0) << 20;
    v = ask(h, "used_mib"); out->used = (v ? strtoull(v, NULL, 0) : 0) << 20; out->free = out->total - out->used; return 0;
}
NUMBER(nvmlDeviceGetNumGpuCores, unsigned, "cores")
NUMBER(nvmlDeviceGetMemoryBusWidth, unsigned, "bus_bits")
CHOICE(nvmlDeviceGetClockInfo, unsigned, "clock_sm", "clock_mem")
CHOICE(nvmlDeviceGetMaxClockInfo, unsigned, "clock_sm_max", "clock_mem_max")
NUMBER(nvmlDeviceGetPowerUsage, unsigned, "power_mw")
NUMBER(nvmlDeviceGetEnforcedPowerLimit, unsigned, "limit_mw")
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, unsigned, "default_mw")
PAIR(nvmlDeviceGetPowerManagementLimitConstraints, "limits_mw")
NUMBER(nvmlDeviceGetTotalEnergyConsumption, unsigned long long, "energy_mj")
CHOICE(nvmlDeviceGetTemperature, unsigned, "unused", "temperature")
CHOICE(nvmlDeviceGetTemperatureThreshold, unsigned, "slowdown", "shutdown")
PAIR(nvmlDeviceGetEccMode, "ecc")
typedef struct { unsigned gpu, memory; } Rates;
R nvmlDeviceGetUtilizationRates(Handle *h, Rates *out) {
    R e = error(h, "nvmlDeviceGetUtilizationRates"); char *v; if (e) return e;
    v = ask(h, "utilization"); if (!v) return 3;
    out->gpu = atoi(v); out->memory = 0; return 0;
}
NUMBER(nvmlDeviceGetDisplayActive, unsigned, "display")
NUMBER(nvmlDeviceGetPersistenceMode, unsigned, "persistence")
NUMBER(nvmlDeviceGetVirtualizationMode, unsigned, "virtualization")
NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, unsigned, "pcie_gen")
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, unsigned, "pcie_gen_max")
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, unsigned, "pcie_width")
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, unsigned, "pcie_width_max")
NUMBER(nvmlDeviceGetCurrentClocksThrottleReasons, unsigned long long, "reasons")

typedef struct { unsigned pid; unsigned long long used; unsigned gi, ci; } Process;
static R processes(Handle *h, const char *call, const char *what, unsigned *n, Process *out) {
    R e = error(h, call); char *v; if (e) return e;
    v = ask(h, what); if (!v) return 3;
    if (!*v) { *n = 0; return 0; }
    if (*n < 1 || !out) { *n = 1; return 7; }
    memset(out, 0, sizeof *out);
    out->pid = atoi(v); out->used = strchr(v, '/') ? strtoull(strchr(v, '/') + 1, NULL, 0) << 20 : ~0ull;
    *n = 1; return 0;
}
R nvmlDeviceGetComputeRunningProcesses_v2(Handle *h, unsigned *n, Process *out) { return processes(h, "nvmlDeviceGetComputeRunningProcesses_v2", "compute", n, out); }
R nvmlDeviceGetGraphicsRunningProcesses_v2(Handle *h, unsigned *n, Process *out) { return processes(h, "nvmlDeviceGetGraphicsRunningProcesses_v2", "graphics", n, out); }
#ifndef OLD_DRIVER
NUMBER(nvmlDeviceGetCurrentClocksEventReasons, unsigned long long, "reasons")
R nvmlDeviceGetComputeRunningProcesses_v3(Handle *h, unsigned *n, Process *out) { return processes(h, "nvmlDeviceGetComputeRunningProcesses_v3", "compute", n, out); }
R nvmlDeviceGetGraphicsRunningProcesses_v3(Handle *h, unsigned *n, Process *out) { return processes(h, "nvmlDeviceGetGraphicsRunningProcesses_v3", "graphics", n, out); }
R nvmlDeviceGetMPSComputeRunningProcesses_v3(Handle *h, unsigned *n, Process *out) { return processes(h, "nvmlDeviceGetMPSComputeRunningProcesses_v3", "mps", n, out); }
#endif
