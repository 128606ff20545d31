namespace FusionKernels.Kernels.Engines;

/// <summary>One call of a kernel family, as both kinds of engine run it: the engine picks the form, the family holds both.</summary>
internal interface IEngineCall
{
    /// <summary>The operation's public name, for errors.</summary>
    string Operation { get; }

    /// <summary>Runs on the calling thread and the host engine's workers.</summary>
    void OnHost(HostEngine engine);

    /// <summary>Runs on the accelerator's owner thread.</summary>
    void OnAccelerator(AcceleratorEngine engine);
}
