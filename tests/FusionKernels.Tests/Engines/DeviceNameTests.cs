using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

[TestFixture]
public sealed class DeviceNameTests
{
    [TestCase("auto", "auto")]
    [TestCase("host", "host")]
    [TestCase("cuda", "cuda:0")]
    [TestCase("cuda:3", "cuda:3")]
    [TestCase("OpenCL:12", "opencl:12")]
    [TestCase("ilgpu-cpu", "ilgpu-cpu")]
    public void A_legal_name_is_understood(string name, string canonical) =>
        Assert.That(DeviceName.Parse(name, "name").ToString(), Is.EqualTo(canonical));

    [TestCase("")]
    [TestCase("gpu")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda:1:2")]
    [TestCase("cuda:+1")]
    [TestCase("cuda: 1")]
    [TestCase("host:0")]
    [TestCase("auto:0")]
    [TestCase("cuda:99999999999")]
    public void Anything_else_is_refused_with_the_legal_forms(string name)
    {
        ArgumentException? failure = Assert.Throws<ArgumentException>(() => DeviceName.Parse(name, "name"));
        Assert.That(failure!.Message, Does.Contain($"'{name}'").And.Contain("cuda:<index>").And.Contain("ilgpu-cpu"));
        Assert.That(failure.ParamName, Is.EqualTo("name"));
    }
}
