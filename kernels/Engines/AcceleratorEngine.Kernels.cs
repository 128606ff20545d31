using System.Diagnostics;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <content>Kernels: compiled once, launched on the default stream, waited for, timed.</content>
internal sealed partial class AcceleratorEngine
{
    private readonly Dictionary<(string Name, object Key, Type Launcher), Delegate> _kernels = [];
    private bool _kernelsPending;
    private long _pendingSince;
    private long _launches;

    /// <inheritdoc/>
    public override long Launches => Interlocked.Read(ref _launches);

    /// <summary>Kernels compiled since the engine was opened.</summary>
    public int CompiledKernels => _kernels.Count;

    private string Backend => Description.Kind switch
    {
        DeviceKind.Cuda => "PTX",
        DeviceKind.OpenCL => "OpenCL C",
        _ => "CIL",
    };

    /// <summary>A compiled kernel; compiled at the first call, from the cache after.</summary>
    /// <param name="name">The kernel's name, for messages.</param>
    /// <param name="key">What tells apart the kernel's generic or specialised forms: usually a <c>typeof</c>; compared by value.</param>
    /// <param name="load">Loads it: <c>static a =&gt; a.LoadStreamKernel&lt;...&gt;(Method)</c>.</param>
    /// <param name="trace">Gets the time of the compilation.</param>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    public TLauncher Kernel<TLauncher>(string name, object key, Func<Accelerator, TLauncher> load, ExecutionTrace? trace = null)
        where TLauncher : Delegate
    {
        Accelerator accelerator = Accelerator;
        if (_kernels.TryGetValue((name, key, typeof(TLauncher)), out Delegate? cached)) return (TLauncher)cached;
        long started = Stopwatch.GetTimestamp();
        using CompilerLog log = new();
        try
        {
            Faults?.Pass(FaultPoint.Compile);
            TLauncher launcher = load(accelerator);
            _kernels.Add((name, key, typeof(TLauncher)), launcher);
            trace?.CompileSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            Telemetry.Compiled(Name, name, started);
            return launcher;
        }
        catch (Exception failure) when (!DriverFault.IsLostDuringCompilation(failure))
        {
            string said = DriverFault.InnermostMessage(failure);
            throw new KernelCompilationException(name, Backend, Name, log.IsEmpty ? said : $"{said}: {log.Text}", failure);
        }
    }

    /// <summary>To be called before every launch: counts it, and starts the kernel clock.</summary>
    /// <param name="kernel">The kernel's name, for messages.</param>
    public void Launching(string kernel)
    {
        _kernel = kernel;
        Faults?.Pass(FaultPoint.Launch);
        Interlocked.Increment(ref _launches);
        if (_kernelsPending) return;
        _kernelsPending = true;
        _pendingSince = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits for the kernels launched so far; faults of theirs come out here.</summary>
    /// <param name="trace">Gets the time since the first of them was launched, and the memory held.</param>
    public void Synchronize(ExecutionTrace? trace)
    {
        trace?.PeakBytes = Math.Max(trace.PeakBytes, _callOperandBytes + _callPeakBytes);
        if (!_kernelsPending) return;
        _kernelsPending = false;
        Accelerator.DefaultStream.Synchronize();
        Faults?.Pass(FaultPoint.Wait);
        trace?.KernelSeconds += Stopwatch.GetElapsedTime(_pendingSince).TotalSeconds;
    }

    /// <summary>What ILGPU writes to the trace while this thread compiles: the only place where it puts the OpenCL compiler's words.</summary>
    private sealed class CompilerLog : TraceListener
    {
        private readonly System.Text.StringBuilder _text = new();
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public CompilerLog() => Trace.Listeners.Add(this);

        public override bool IsThreadSafe => true;

        public bool IsEmpty => _text.Length == 0;

        public string Text => _text.ToString().ReplaceLineEndings(" ").Trim();

        public override void Write(string? message)
        {
            if (Environment.CurrentManagedThreadId == _thread) _text.Append(message);
        }

        public override void WriteLine(string? message)
        {
            if (Environment.CurrentManagedThreadId == _thread) _text.AppendLine(message);
        }

        protected override void Dispose(bool disposing)
        {
            Trace.Listeners.Remove(this);
            base.Dispose(disposing);
        }
    }
}
