;; adr x3, #0x80134000c
;; br x3
;; nop
;; add x3, x3, #1

func f0 (locals 3 i32, 2 i64, 1 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 3
  block
    block
      local.get 0
      i32.const 2
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 2
      i32.sub
      local.set 0
      block
        block
          i64.const 34379923468
          local.set 3
          local.get 3
          i32.const 0
          local.get 0
          i64.extend_i32_u
          i64.const 4294967296
          i64.or
          i64.store offset=0x5e0
          i32.const 0
          i64.const 34379923460
          i64.store offset=0x5f8
          local.set 4
          i32.const 0
          local.get 4
          i64.store offset=0x410
          i32.const 0
          local.get 4
          i32.wrap_i64
          i32.const 2
          i32.shl
          i32.const 65520
          i32.and
          local.tee 5
          i32.load offset=0x50008
          local.get 5
          i64.load offset=0x50000
          local.get 4
          i64.ne
          local.get 5
          i32.load offset=0x5000c
          i32.const 4
          i32.ne
          i32.or
          select
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 3
    i64.store offset=0x118
  end
  local.get 1
end
func f1 (locals 3 i32, 1 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 3
  block
    block
      local.get 0
      i32.const 3
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923464
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 3
      i32.sub
      local.set 0
      block
        block
          local.get 3
          i64.const 1
          i64.add
          local.set 3
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 3
    i64.store offset=0x118
  end
  local.get 1
end
func f2 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923476
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923476
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f3 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923480
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923480
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f4 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923484
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923484
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f5 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923488
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923488
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f6 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923492
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923492
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f7 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923496
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923496
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f8 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923500
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923500
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f9 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923504
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923504
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f10 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923508
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923508
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f11 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923512
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923512
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f12 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923516
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923516
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f13 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923520
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923520
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f14 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923524
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923524
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f15 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923528
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923528
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f16 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923532
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923532
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f17 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923536
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923536
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f18 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923540
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923540
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f19 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923544
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923544
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f20 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923548
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923548
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f21 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923552
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923552
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f22 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923556
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923556
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f23 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923560
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923560
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f24 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923564
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923564
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f25 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923568
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923568
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f26 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923572
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923572
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f27 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923576
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923576
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f28 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923580
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923580
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f29 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923584
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923584
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f30 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923588
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923588
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f31 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923592
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923592
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f32 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923596
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923596
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f33 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923600
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923600
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f34 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923604
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923604
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f35 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923608
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923608
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f36 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923612
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923612
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f37 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923616
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923616
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f38 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923620
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923620
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f39 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923624
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923624
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f40 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923628
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923628
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f41 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923632
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923632
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f42 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923636
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923636
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f43 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923640
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923640
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f44 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923644
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923644
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f45 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923648
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923648
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f46 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923652
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923652
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f47 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923656
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923656
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f48 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923660
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923660
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f49 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923664
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923664
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f50 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923668
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923668
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f51 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923672
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923672
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f52 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923676
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923676
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f53 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923680
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923680
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f54 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923684
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923684
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f55 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923688
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923688
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f56 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923692
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923692
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f57 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923696
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923696
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f58 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923700
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923700
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f59 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923704
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923704
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f60 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923708
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923708
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f61 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923712
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923712
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f62 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923716
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923716
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f63 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923720
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923720
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f64 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923724
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923724
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f65 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923728
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923728
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f66 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923732
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923732
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f67 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923736
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923736
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f68 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923740
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923740
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f69 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923744
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923744
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f70 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923748
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923748
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f71 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923752
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923752
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f72 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923756
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923756
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f73 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923760
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923760
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f74 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923764
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923764
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f75 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923768
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923768
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f76 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923772
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923772
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f77 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923776
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923776
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f78 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923780
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923780
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f79 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923784
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923784
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f80 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923788
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923788
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f81 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923792
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923792
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f82 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923796
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923796
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f83 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923800
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923800
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f84 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923804
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923804
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f85 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923808
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923808
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f86 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923812
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923812
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f87 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923816
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923816
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f88 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923820
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923820
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f89 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923824
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923824
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f90 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923828
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923828
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f91 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923832
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923832
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f92 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923836
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923836
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f93 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923840
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923840
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f94 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923844
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923844
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f95 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923848
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923848
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f96 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923852
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923852
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f97 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923856
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923856
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f98 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923860
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923860
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f99 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923864
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923864
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f100 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923868
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923868
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f101 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923872
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923872
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f102 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923876
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923876
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f103 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923880
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923880
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f104 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923884
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923884
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f105 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923888
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923888
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f106 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923892
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923892
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f107 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923896
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923896
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f108 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923900
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923900
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f109 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923904
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923904
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f110 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923908
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923908
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f111 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923912
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923912
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f112 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923916
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923916
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f113 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923920
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923920
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f114 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923924
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923924
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f115 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923928
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923928
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f116 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923932
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923932
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f117 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923936
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923936
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f118 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923940
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923940
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f119 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923944
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923944
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f120 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923948
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923948
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f121 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923952
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923952
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f122 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923956
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923956
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f123 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923960
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923960
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f124 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923964
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923964
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f125 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923968
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923968
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f126 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923972
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923972
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f127 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923976
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923976
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f128 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923980
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923980
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f129 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923984
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923984
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f130 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923988
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923988
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f131 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923992
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923992
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f132 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923996
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923996
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f133 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924000
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924000
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f134 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924004
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924004
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f135 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924008
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924008
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f136 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924012
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924012
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f137 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924016
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924016
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f138 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924020
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924020
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f139 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924024
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924024
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f140 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924028
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924028
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f141 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924032
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924032
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f142 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924036
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924036
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f143 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924040
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924040
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f144 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924044
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924044
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f145 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924048
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924048
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f146 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924052
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924052
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end

func f0 (locals 3 i32, 1 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 3
  block
    block
      local.get 0
      i32.const 2
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923468
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 2
      i32.sub
      local.set 0
      block
        block
          local.get 3
          i64.const 1
          i64.add
          local.set 3
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 3
    i64.store offset=0x118
  end
  local.get 1
end
func f1 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924056
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924056
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f2 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924060
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924060
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f3 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924064
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924064
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f4 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924068
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924068
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f5 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924072
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924072
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f6 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924076
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924076
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f7 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924080
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924080
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f8 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924084
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924084
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f9 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924088
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924088
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f10 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924092
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924092
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f11 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924096
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924096
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f12 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924100
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924100
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f13 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924104
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924104
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f14 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924108
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924108
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f15 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924112
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924112
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f16 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924116
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924116
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f17 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924120
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924120
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f18 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924124
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924124
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f19 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924128
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924128
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f20 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924132
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924132
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f21 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924136
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924136
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f22 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924140
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924140
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f23 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924144
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924144
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f24 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924148
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924148
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f25 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924152
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924152
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f26 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924156
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924156
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f27 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924160
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924160
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f28 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924164
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924164
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f29 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924168
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924168
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f30 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924172
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924172
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f31 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924176
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924176
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f32 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924180
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924180
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f33 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924184
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924184
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f34 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924188
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924188
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f35 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924192
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924192
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f36 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924196
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924196
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f37 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924200
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924200
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f38 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924204
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924204
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f39 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924208
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924208
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f40 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924212
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924212
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f41 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924216
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924216
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f42 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924220
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924220
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f43 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924224
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924224
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f44 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924228
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924228
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f45 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924232
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924232
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f46 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924236
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924236
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f47 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924240
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924240
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f48 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924244
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924244
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f49 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924248
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924248
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f50 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924252
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924252
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f51 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924256
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924256
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f52 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924260
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924260
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f53 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924264
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924264
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f54 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924268
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924268
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f55 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924272
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924272
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f56 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924276
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924276
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f57 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924280
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924280
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f58 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924284
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924284
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f59 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924288
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924288
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f60 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924292
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924292
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f61 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924296
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924296
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f62 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924300
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924300
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f63 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924304
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924304
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f64 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924308
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924308
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f65 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924312
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924312
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f66 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924316
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924316
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f67 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924320
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924320
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f68 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924324
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924324
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f69 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924328
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924328
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f70 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924332
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924332
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f71 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924336
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924336
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f72 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924340
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924340
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f73 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924344
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924344
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f74 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924348
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924348
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f75 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924352
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924352
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f76 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924356
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924356
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f77 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924360
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924360
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f78 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924364
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924364
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f79 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924368
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924368
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f80 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924372
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924372
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f81 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924376
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924376
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f82 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924380
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924380
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f83 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924384
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924384
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f84 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924388
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924388
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f85 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924392
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924392
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f86 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924396
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924396
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f87 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924400
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924400
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f88 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924404
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924404
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f89 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924408
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924408
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f90 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924412
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924412
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f91 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924416
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924416
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f92 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924420
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924420
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f93 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924424
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924424
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f94 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924428
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924428
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f95 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924432
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924432
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f96 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924436
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924436
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f97 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924440
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924440
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f98 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924444
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924444
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f99 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924448
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924448
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f100 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924452
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924452
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f101 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924456
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f102 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924460
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924460
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f103 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924464
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924464
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f104 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924468
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924468
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f105 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924472
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f106 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924476
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924476
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f107 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924480
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924480
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f108 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924484
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924484
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f109 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924488
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924488
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f110 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924492
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924492
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f111 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924496
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924496
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f112 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924500
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924500
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f113 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924504
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924504
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f114 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924508
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924508
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f115 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924512
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924512
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f116 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924516
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924516
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f117 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924520
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924520
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f118 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924524
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924524
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f119 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924528
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924528
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f120 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924532
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924532
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f121 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924536
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924536
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f122 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924540
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924540
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f123 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924544
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924544
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f124 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924548
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924548
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f125 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924552
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924552
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f126 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924556
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924556
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f127 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924560
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924560
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f128 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924564
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924564
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f129 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924568
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924568
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f130 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924572
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924572
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f131 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924576
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924576
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f132 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924580
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924580
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f133 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924584
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924584
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f134 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924588
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924588
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f135 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924592
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924592
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f136 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924596
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924596
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f137 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924600
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924600
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f138 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924604
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924604
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f139 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924608
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924608
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f140 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924612
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924612
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f141 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924616
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924616
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f142 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924620
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924620
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f143 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924624
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924624
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f144 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924628
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924628
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f145 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924632
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924632
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f146 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924636
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924636
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f147 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924640
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924640
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f148 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924644
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924644
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
