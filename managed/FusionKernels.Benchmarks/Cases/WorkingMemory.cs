namespace FusionKernels.Bench;

/// <summary>Holds a first run to the memory of results and tiles: what grows with queries times keys fails.</summary>
internal sealed class WorkingMemory
{
    /// <summary>What a thread, or one buffer of an accelerator, may take for tiles and tables, and for whatever a first call loads.</summary>
    private const long TileBytes = 1 << 20;

    private readonly DeviceSession _session;
    private readonly int _threads;
    private readonly string _what;
    private long? _before;

    /// <summary>Prepares for the first run.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="what">What runs, and its sizes.</param>
    public WorkingMemory(DeviceSession session, int threads, string what)
    {
        (_session, _threads, _what) = (session, threads, what);
    }

    /// <summary>Bytes so far, of the host's arrays or of device memory: what a call's working memory adds to stays there until it is trimmed.</summary>
    private long Taken => _session.IsHost ? GC.GetTotalAllocatedBytes(precise: true) : _session.Device.AllocatedBytes;

    /// <summary>Runs, and requires of the first run that it took no more than it may.</summary>
    /// <param name="run">What runs.</param>
    /// <param name="results">Bytes of results that it allocates, with what queries leave from pass to pass and parts of the keys to their merge.</param>
    /// <param name="calls">Calls of a run.</param>
    /// <exception cref="FailedCaseException">It took more.</exception>
    public void Hold(Action run, long results, int calls = 1)
    {
        if (_before is not null)
        {
            run();
            return;
        }

        _before = Taken;
        run();

        // An accelerator's blocks are up to an eighth larger than what they hold, small ones twice as large; about eight are in use.
        long taken = Taken - _before.Value, allowed = _session.IsHost ? results + ((_threads + 1) * TileBytes) + (calls * 4096L) : (results * 9 / 8) + (8 * TileBytes);
        if (taken > allowed) throw new FailedCaseException($"{_what} took {taken} bytes on {_session.Device.Description.Name}; results and tiles take {allowed}");
    }
}
