using FusionKernels.Bench;
using NUnit.Framework;

namespace FusionKernels.Tests.Benchmarking;

/// <summary>The bench's attention at its smallest: results are those of its references, and a run that takes more memory than results and tiles fails.</summary>
public sealed class AttentionCaseTests
{
    [TestCase("host")]
    [TestCase("ilgpu-cpu", Category = "IlgpuCpu,Slow")]
    public void Every_case_agrees_within_its_memory(string device)
    {
        using DeviceSession session = new(device, secondsAtPeak: 0);
        Func<BenchCase>[] cases =
        [
            .. Enum.GetValues<AttentionMasking>().Select(masking => (Func<BenchCase>)(() => new AttentionCase(session, 2, masking, withGradients: false))),
            () => new AttentionCase(session, 2, AttentionMasking.None, withGradients: true),
            () => new AttentionCase(session, 2, AttentionMasking.Bias, withGradients: true),
            () => AttentionCase.Short(session, 2, 7, 40),
            () => AttentionCase.Long(session, 2, 128),
            () => AttentionCase.Many(session, 2),
            () => new DecodeCase(session, 2),
        ];
        foreach (Func<BenchCase> create in cases)
        {
            session.Settle();
            using BenchCase one = create();
            one.Run();
            one.Run();
            Assert.That(one.MaxError(), Is.LessThan(1e-4), one.Shape);
        }
    }

    [TestCase("host")]
    [TestCase("ilgpu-cpu", Category = "IlgpuCpu")]
    public void A_run_that_takes_more_is_told(string device)
    {
        const int Bytes = 64 << 20;
        using DeviceSession session = new(device, secondsAtPeak: 0);
        Action take = session.IsHost ? () => GC.AllocateUninitializedArray<byte>(Bytes) : () => session.Device.Allocate<float>(Bytes / sizeof(float)).Dispose();
        Assert.That(() => new WorkingMemory(session, 1, "a matrix").Hold(take, results: 1000), Throws.InstanceOf<FailedCaseException>().With.Message.Contains("a matrix took"));
        session.Settle();
        WorkingMemory enough = new(session, 1, "a matrix");
        Assert.That(() => enough.Hold(take, results: Bytes), Throws.Nothing);
        Assert.That(() => enough.Hold(take, results: Bytes), Throws.Nothing, "the first run alone is looked at");
    }
}
