using System.Numerics.Tensors;

namespace FusionKernels.Tests.Attentions;

/// <summary>numpy.random.rand after numpy.random.seed: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), 53 bits a number.</summary>
internal sealed class NumpyRandom
{
    private readonly uint[] _state = new uint[624];
    private int _next = 624;

    /// <summary>Seeds it.</summary>
    public NumpyRandom(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < 624; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
    }

    /// <inheritdoc cref="NumpyRandom(uint)"/>
    public NumpyRandom(int seed)
        : this((uint)seed)
    {
    }

    /// <summary>The next numbers of [0, 1), rounded to float32.</summary>
    public float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((((Draw() >> 5) * 67108864.0) + (Draw() >> 6)) / 9007199254740992.0))];

    /// <summary>A tensor of them.</summary>
    public Tensor<float> Tensor(params nint[] lengths) => System.Numerics.Tensors.Tensor.Create(Floats((int)lengths.Aggregate((nint)1, (product, length) => product * length)), lengths);

    private uint Draw()
    {
        if (_next == 624)
        {
            for (int i = 0; i < 624; i++)
            {
                uint joined = (_state[i] & 0x80000000) | (_state[(i + 1) % 624] & 0x7FFFFFFF);
                _state[i] = _state[(i + 397) % 624] ^ (joined >> 1) ^ ((joined & 1) * 0x9908B0DF);
            }

            _next = 0;
        }

        uint word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C5680;
        word ^= (word << 15) & 0xEFC60000;
        return word ^ (word >> 18);
    }
}
